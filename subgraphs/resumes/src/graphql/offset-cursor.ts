import { createHash } from 'node:crypto';
import { decodeCursor, encodeCursor, LoomError } from '@loomgraph/core';
import type { PageInfo } from '@loomgraph/subgraph-kit';
import { searchCursorTag } from '../domain/cursor-tags.js';

/** Pages of the answer to one question, by how many hits come before them. */
export interface OffsetPages {
  readonly offset: number;
  pageInfo(page: { readonly hits: readonly unknown[]; readonly hasMore: boolean; readonly first: number }): PageInfo;
}

/** @param question all that decides which hits there are, and in which order @throws LoomError INVALID_CURSOR */
export function offsetPages(question: unknown, after: string | null | undefined): OffsetPages {
  const tag = searchCursorTag(createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 16));
  const offset = after == null ? 0 : offsetOf(after, tag);
  return {
    offset,
    pageInfo({ hits, hasMore, first }) {
      const cursorAt = (position: number): string | null => (hits.length === 0 ? null : encodeCursor(tag, [position]));
      return {
        hasNextPage: hasMore,
        hasPreviousPage: offset > 0,
        startCursor: cursorAt(offset + 1),
        endCursor: cursorAt(offset + first),
      };
    },
  };
}

function offsetOf(cursor: string, tag: string): number {
  const [offset] = decodeCursor(cursor, tag);
  if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw new LoomError('INVALID_CURSOR', 'This cursor does not belong to this search; start again without it.');
}
