import { LoomError } from '@loomgraph/core';
import type { GraphQLFieldResolver } from 'graphql';
import neo4j from 'neo4j-driver';

/** The library's statement answers a connection as this, under the alias of the field. */
interface SelectedConnection {
  readonly edges?: readonly object[];
  readonly totalCount?: unknown;
}

/** graphql-relay's form of a cursor, which the library's statements read: the position in the list. */
const CURSOR = /^arrayconnection:(\d{1,15})$/;

/**
 * A relationship as a Relay connection. In place of the library's, in which one field under two aliases comes out empty, a page has no
 * end cursor where `cursor` has an alias, and none is followed by another where `first` is null.
 */
export const resolveConnection: GraphQLFieldResolver<
  Readonly<Record<string, unknown>>,
  unknown,
  { first?: number | null; after?: string | null }
> = (source, { first, after }, _context, info) => {
  const selected = source[info.path.key] as SelectedConnection | null | undefined;
  if (!selected) return null;
  const start = after == null ? 0 : offsetOfCursor(after) + 1;
  const edges = (selected.edges ?? []).map((edge, index) => ({ ...edge, cursor: cursorOf(start + index) }));
  const totalCount = neo4j.isInt(selected.totalCount) ? selected.totalCount.toNumber() : Number(selected.totalCount ?? 0);
  return {
    edges,
    totalCount,
    pageInfo: {
      hasNextPage: start + (first ?? edges.length) < totalCount,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
};

/** @throws LoomError INVALID_CURSOR */
export function offsetOfCursor(cursor: string): number {
  const match = CURSOR.exec(Buffer.from(cursor, 'base64').toString('utf8'));
  if (!match) throw new LoomError('INVALID_CURSOR', 'This cursor does not belong to this list; start again without it.');
  return Number(match[1]);
}

function cursorOf(offset: number): string {
  return Buffer.from(`arrayconnection:${offset}`).toString('base64');
}
