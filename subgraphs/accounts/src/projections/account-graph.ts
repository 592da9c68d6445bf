import type { GraphStore } from '@loomgraph/stores/graph';
import { defineProjection, graphTarget, type GraphContent, type Projection } from '@loomgraph/sync';
import { UserEntity } from '../store/entities.js';

/** Label of the nodes this subgraph owns. */
export const ACCOUNT = 'Account';

/**
 * An account's node, without personal data, with an edge to the node `User` of the same id.
 *
 * A node is one document of one record: `User` is templates' (who used what), fenced by the revisions of its record; a second projection onto
 * the label would be refused or undo it. Who traverses goes over `IS`. See docs/architecture.md, "Who owns what".
 */
export function accountGraph(deps: { graph: GraphStore }): Projection {
  return defineProjection<GraphContent, GraphContent>({
    name: 'account-graph',
    version: 1,
    source: 'User',
    load: async (ids, em) =>
      (await em.find(UserEntity, { id: { $in: [...ids] } })).map(({ id, revision, locale, status, emailVerifiedAt, createdAt }) => ({
        id,
        revision,
        value: {
          properties: { locale, status, isVerified: emailVerifiedAt != null, createdAt: createdAt.toISOString() },
          ownedEdges: ['IS'],
          edges: [{ type: 'IS', to: { label: 'User', id }, properties: {}, weight: 1 }],
        },
      })),
    derive: (content) => content,
    target: graphTarget(deps.graph, ACCOUNT),
  });
}
