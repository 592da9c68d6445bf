import type { Subgraph } from '@loomgraph/subgraph-kit';

/** Where a subgraph runs: inside this process, or as a server of its own. */
export type SubgraphSource =
  | { readonly kind: 'local'; readonly subgraph: Subgraph }
  | { readonly kind: 'remote'; readonly name: string; readonly url: string };

export function nameOf(source: SubgraphSource): string {
  return source.kind === 'local' ? source.subgraph.name : source.name;
}

/** The routing URL written into the supergraph; a local subgraph has none, and the field may not be empty. */
export function routingUrlOf(source: SubgraphSource): string {
  return source.kind === 'local' ? `local://${source.subgraph.name}` : source.url;
}
