import { decodeCursor, encodeCursor, LoomError, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE } from '@loomgraph/core';
import { askEach, type Unreachable } from './ask-each.js';

/** A page of one subgraph's list, newest first; `cursor` of an item continues behind it. */
export interface SourcePage<Item> {
  readonly items: readonly { readonly item: Item; readonly at: number; readonly cursor: string }[];
  readonly hasMore: boolean;
}

export interface MergedPage<Item> {
  readonly items: readonly { readonly subgraph: string; readonly item: Item; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Subgraphs whose list is left out; a later page with the same cursor goes on where theirs stood. */
  readonly unreachable: readonly Unreachable[];
}

/**
 * One list of the lists of many subgraphs, newest first. A cursor says how far each of them was read, so that pages neither repeat nor leave out.
 * @throws LoomError PAGE_LIMIT_EXCEEDED, BAD_USER_INPUT, INVALID_CURSOR
 */
export async function mergeNewestFirst<Item>(options: {
  readonly subgraphs: readonly string[];
  readonly page: { readonly first?: number | null | undefined; readonly after?: string | null | undefined };
  /** Names the list: a cursor of another one is refused. */
  readonly tag: string;
  readonly read: (subgraph: string, first: number, after: string | undefined) => Promise<SourcePage<Item>>;
}): Promise<MergedPage<Item>> {
  const { subgraphs, tag, read } = options;
  const first = options.page.first ?? DEFAULT_PAGE_SIZE;
  if (first < 1) throw new LoomError('BAD_USER_INPUT', 'first must be a positive whole number.');
  if (first > MAX_PAGE_SIZE) {
    throw new LoomError('PAGE_LIMIT_EXCEEDED', `At most ${MAX_PAGE_SIZE} items a page; ${first} were asked for.`, {
      details: { limit: MAX_PAGE_SIZE },
    });
  }
  const positions = new Map(options.page.after ? toPositions(options.page.after, tag) : []);
  const { answers, unreachable } = await askEach(subgraphs, (subgraph) => read(subgraph, first, positions.get(subgraph)));
  const pages = answers.map(({ subgraph, answer }) => ({ subgraph, ...answer }));
  const merged = newestFirst(pages);
  const items = merged.slice(0, first).map(({ subgraph, item, cursor }) => {
    positions.set(subgraph, cursor);
    return { subgraph, item, cursor: encodeCursor(tag, [...positions]) };
  });
  return {
    items,
    hasNextPage: merged.length > first || pages.some(({ hasMore }) => hasMore),
    hasPreviousPage: Boolean(options.page.after),
    unreachable,
  };
}

/** The list whose next item is newest gives it. A list's own order is kept even where its times are not in order, or its cursors would pass over items. */
function newestFirst<Item>(pages: readonly ({ readonly subgraph: string } & SourcePage<Item>)[]) {
  const rest = pages.map(({ subgraph, items }) => ({ subgraph, items: [...items] }));
  const merged: ({ readonly subgraph: string } & SourcePage<Item>['items'][number])[] = [];
  for (;;) {
    const [newest] = rest.filter(({ items }) => items.length > 0).toSorted((a, b) => atOf(b) - atOf(a));
    const next = newest?.items.shift();
    if (!newest || !next) return merged;
    merged.push({ subgraph: newest.subgraph, ...next });
  }
}

const atOf = ({ items }: { readonly items: readonly { readonly at: number }[] }): number => items[0]?.at ?? 0;

function toPositions(cursor: string, tag: string): (readonly [string, string])[] {
  return decodeCursor(cursor, tag).map((pair) => {
    const [subgraph, position] = Array.isArray(pair) ? (pair as unknown[]) : [];
    if (typeof subgraph !== 'string' || typeof position !== 'string')
      throw new LoomError('INVALID_CURSOR', 'This cursor does not belong to this list; start again without it.');
    return [subgraph, position];
  });
}
