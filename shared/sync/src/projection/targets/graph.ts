import type { GraphDocument, GraphStore } from '@loomgraph/stores/graph';
import type { ProjectionTarget } from '../define-projection.js';

export type GraphContent = Pick<GraphDocument, 'properties' | 'ownedEdges' | 'edges'>;

/** Nodes of one label with the edges they own. */
export function graphTarget(graph: GraphStore, label: string): ProjectionTarget<GraphContent> {
  return {
    kind: 'graph',
    identity: label,
    apply: (documents) =>
      graph.apply(
        documents.map(({ id, revision, fingerprint, content }) => ({ label, id, revision, fingerprint, ...content })),
        { force: true },
      ),
    remove: (tombstones) => graph.remove(label, tombstones),
    scan: (options) => graph.scan(label, options),
  };
}
