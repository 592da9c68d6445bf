import type { GraphStore } from '@loomgraph/stores/graph';
import type { RelationshipPath, TemplateGraph } from '../domain/ports.js';

const EDGES = ['SIMILAR_TO', 'BELONGS_TO', 'USED'];

export function createTemplateGraph(graph: GraphStore): TemplateGraph {
  const template = (id: string) => ({ label: 'Template', id });
  return {
    async similar(templateIds, limit) {
      // Both directions hold the pair: whichever template was projected later wrote the edge. So a neighbour may come twice.
      const found = await graph.neighboursOfEach(templateIds, {
        from: 'Template',
        edge: 'SIMILAR_TO',
        direction: 'both',
        label: 'Template',
        limit: limit * 2,
      });
      return found.map((neighbours) => {
        const best = new Map<string, number>();
        for (const { node, weight } of neighbours) best.set(node.id, Math.max(weight, best.get(node.id) ?? 0));
        return [...best].map(([templateId, weight]) => ({ templateId, weight })).slice(0, limit);
      });
    },
    async alsoUsed(templateId, limit) {
      const found = await graph.sharedNeighbours({ from: template(templateId), edge: 'USED', through: 'User', limit });
      return found.map(({ node, shared }) => ({ templateId: node.id, weight: shared }));
    },
    async path(fromId, toId, maxDepth) {
      const path = await graph.shortestPath({ from: template(fromId), to: template(toId), edges: EDGES, maxDepth });
      return (
        path &&
        ({
          nodes: path.nodes.map(({ label, id }) => ({ label, id })),
          steps: path.steps.map(({ type, forward }) => ({ type, forward })),
        } as RelationshipPath)
      ); // labels and types are those this subgraph projects
    },
  };
}
