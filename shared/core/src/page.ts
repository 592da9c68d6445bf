import { LoomError } from './errors/loom-error.js';

/** The largest page any connection hands out. */
export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

/** Arguments of a Relay connection, https://relay.dev/graphql/connections.htm */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly direction: 'forward' | 'backward';
  /** The decoded position of the cursor the page starts from, exclusive. */
  readonly from: readonly unknown[] | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Exact count of everything the filter matches. */
  readonly totalCount: number;
}

/** A page whose total is counted only when somebody asks. */
export type LazyPage<T> = Omit<Page<T>, 'totalCount'> & { readonly totalCount: () => Promise<number> };

/**
 * Checks connection arguments against `MAX_PAGE_SIZE`.
 * @throws LoomError PAGE_LIMIT_EXCEEDED, INVALID_CURSOR, BAD_USER_INPUT
 */
export function toPageRequest(args: PageArguments, cursorTag: string): PageRequest {
  if (args.first != null && args.last != null) {
    throw new LoomError('BAD_USER_INPUT', 'Give `first` or `last`, not both.');
  }
  if (args.first != null && args.before != null)
    throw new LoomError('BAD_USER_INPUT', '`before` goes with `last`; with `first` use `after`.');
  if (args.last != null && args.after != null)
    throw new LoomError('BAD_USER_INPUT', '`after` goes with `first`; with `last` use `before`.');
  const backward = args.last != null || (args.before != null && args.first == null);
  const limit = (backward ? args.last : args.first) ?? DEFAULT_PAGE_SIZE;
  if (limit < 0) throw new LoomError('BAD_USER_INPUT', `A page size cannot be negative (${limit}).`);
  if (limit > MAX_PAGE_SIZE) {
    throw new LoomError('PAGE_LIMIT_EXCEEDED', `At most ${MAX_PAGE_SIZE} items a page; ${limit} were asked for.`, {
      details: { limit: MAX_PAGE_SIZE },
    });
  }
  const cursor = backward ? args.before : args.after;
  return { limit, direction: backward ? 'backward' : 'forward', from: cursor == null ? null : decodeCursor(cursor, cursorTag) };
}

/** An opaque cursor: the sort values of an item, tagged with the order they belong to. */
export function encodeCursor(tag: string, position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([tag, ...position])).toString('base64url');
}

/** @throws LoomError INVALID_CURSOR when the text is no cursor or belongs to another order. */
export function decodeCursor(cursor: string, tag: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed[0] === tag) return parsed.slice(1);
  } catch {
    // falls through: not JSON is the same mistake as the wrong tag
  }
  throw new LoomError('INVALID_CURSOR', 'This cursor does not belong to this list and order; start again without it.');
}
