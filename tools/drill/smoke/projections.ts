/**
 * The templates subgraph's projections over a store set of the drill's own. This is the only file that reaches past a package's exports: a drill
 * that asked the subgraph for its own opinion would prove nothing.
 */
import { createLexicalEmbedder } from '@loomgraph/ai';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { OutboxRow, type Projection } from '@loomgraph/sync';
import { categoryGraph, templateGraph, userGraph } from '../../../subgraphs/templates/dist/projections/graph.js';
import { templateCacheProjection } from '../../../subgraphs/templates/dist/projections/template-cache.js';
import { templateCollection, templateVectors } from '../../../subgraphs/templates/dist/projections/template-vectors.js';
import { entities } from '../../../subgraphs/templates/dist/store/entities.js';

/** What the gateway of a drill runs with, see `EMBEDDING_DIMENSIONS`. */
const DIMENSIONS = 1_536;

export interface AuditedProjection {
  readonly projection: Projection;
  /** The record's table; its key is `id`. */
  readonly table: string;
  /** Whether the same record always gives the same document. A template's nearest ones depend on what else there is. */
  readonly repeatable: boolean;
}

export async function openProjections(
  stores: StoreSet,
  { withCache }: { withCache: boolean },
): Promise<{ record: RelationalStore; projections: AuditedProjection[] }> {
  const record = await stores.relational({ name: 'templates', entities: [...entities, OutboxRow], migrations: [] });
  const embedder = createLexicalEmbedder({ dimensions: DIMENSIONS });
  const index = await stores.vectors(templateCollection(embedder.dimensions));
  const graph = await stores.graph(['Template', 'Category', 'User']);
  const projections: AuditedProjection[] = [
    { projection: templateVectors({ index, embedder }), table: 'template', repeatable: true },
    { projection: templateGraph({ graph, index }), table: 'template', repeatable: false },
    { projection: categoryGraph({ graph }), table: 'category', repeatable: true },
    { projection: userGraph({ graph }), table: 'template_user', repeatable: true },
  ];
  // A cache in the gateway's process went with it.
  if (withCache) projections.push({ projection: templateCacheProjection(await stores.cache()), table: 'template', repeatable: true });
  return { record, projections };
}
