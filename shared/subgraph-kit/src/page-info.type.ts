import type { LazyPage } from '@loomgraph/core';
import { Directive, Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Where a page stands in its list, as the Relay specification has it.', simpleResolvers: true })
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows in the direction of paging.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether something comes before the page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge; null on an empty page.' })
  endCursor!: string | null;
}

/** The parts every connection shares. */
export function toConnection<Row, Node>(page: LazyPage<Row>, present: (row: Row) => Node) {
  const nodes = page.items.map(present);
  return {
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: page.cursors[index] ?? '' })),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: page.cursors[0] ?? null,
      endCursor: page.cursors.at(-1) ?? null,
    },
    totalCount: page.totalCount,
  };
}
