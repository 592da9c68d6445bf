import type { GraphDocument, GraphStore } from '@loomgraph/stores/graph';
import type { ProjectionTarget } from '../define-projection.js';

export type GraphContent = Pick<GraphDocument, 'properties' | 'ownedEdges' | 'edges'>;

/** Nodes of one label with the edges they own. Its storage is the public graph, which all versions share, so there is no `drop`. */
export function graphTarget(graph: GraphStore, label: string): ProjectionTarget<GraphContent> {
  return {
    kind: 'graph',
    store: 'graph',
    identity: label,
    apply: (documents) => graph.apply(documents.map(({ content, ...document }) => ({ label, ...document, ...content }))),
    remove: (tombstones) => graph.remove(label, tombstones),
    entries: (ids, options) => graph.entries(label, ids, options),
    scan: (options) => graph.scan(label, options),
    purgeTombstones: (options) => graph.purgeTombstones(label, options),
  };
}
