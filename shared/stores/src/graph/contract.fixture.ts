import type { GraphDocument, GraphEdge, GraphProperties, GraphStore, NodeRef } from './port.js';

/** What the parts of the contract are given. */
export interface GraphSuite {
  /** Another handle of the graph, closed after the test. */
  open(): Promise<GraphStore>;
  /** Every test has its own region of the graph: `$` in front of an id. */
  clause(number: number, title: string, test: (graph: GraphStore, $: (id: string) => string) => Promise<void>): void;
}

/** Another revision or fence is another content, unless the test says so. */
export const template = (id: string, more: Partial<GraphDocument> = {}): GraphDocument => ({
  label: 'Template',
  id,
  revision: 1,
  fingerprint: `f-${id}-${more.revision ?? 1}-${more.fence ?? 0}`,
  properties: {},
  ownedEdges: [],
  edges: [],
  ...more,
});

export const user = (id: string, used: readonly string[], more: Partial<GraphDocument> = {}): GraphDocument =>
  template(id, { label: 'User', ownedEdges: ['USED'], edges: used.map((to) => edge('USED', { label: 'Template', id: to })), ...more });

export const edge = (type: string, to: NodeRef, weight = 1, properties: GraphProperties = {}): GraphEdge => ({
  type,
  to,
  weight,
  properties,
});

export const ref = (label: string, id: string): NodeRef => ({ label, id });

export const idsOf = (hits: readonly { node: NodeRef }[]): string[] => hits.map(({ node }) => node.id);
