import type { PageInfo } from '@loomgraph/subgraph-kit';
import type { MergedPage } from '../across.js';
import type { Unreachable } from '../ask-each.js';

/** The parts of a connection over the lists of many subgraphs. */
export function toPageParts<Item, Node>(
  page: MergedPage<Item>,
  present: (subgraph: string, item: Item) => Node,
): { edges: { node: Node; cursor: string }[]; nodes: Node[]; pageInfo: PageInfo; unreachable: readonly Unreachable[] } {
  const edges = page.items.map(({ subgraph, item, cursor }) => ({ node: present(subgraph, item), cursor }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    unreachable: page.unreachable,
  };
}
