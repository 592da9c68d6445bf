import { LoomError } from '@loomgraph/core';
import { mergeNewestFirst, type SourcePage } from './across.js';

const lists: Record<string, readonly number[]> = { a: [90, 70, 50, 30], b: [80, 75, 20], c: [] };

function read(subgraph: string, first: number, after: string | undefined): Promise<SourcePage<string>> {
  const rest = (lists[subgraph] ?? []).filter((at) => after === undefined || at < Number(after));
  const items = rest.slice(0, first).map((at) => ({ item: `${subgraph}${at}`, at, cursor: String(at) }));
  return Promise.resolve({ items, hasMore: rest.length > first });
}

const page = (first: number, after?: string) => mergeNewestFirst({ subgraphs: ['a', 'b', 'c'], tag: 'test', read, page: { first, after } });

describe('mergeNewestFirst', () => {
  it.each([1, 2, 3, 7, 50])('goes through all lists in pages of %i, each item once, newest first', async (size) => {
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const { items, hasNextPage } = await page(size, after);
      seen.push(...items.map(({ item }) => item));
      after = items.at(-1)?.cursor;
      if (!hasNextPage) break;
    }
    expect(seen).toEqual(['a90', 'b80', 'b75', 'a70', 'a50', 'a30', 'b20']);
  });

  it.each([1, 2, 3, 7])('leaves nothing out of a list whose times are not in its order, in pages of %i', async (size) => {
    const items = [50, 60, 55, 10].map((at, index) => ({ item: `a${index}`, at, cursor: String(index) }));
    const others = [58, 40].map((at, index) => ({ item: `b${index}`, at, cursor: String(index) }));
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const answer = await mergeNewestFirst({
        subgraphs: ['a', 'b'],
        tag: 'test',
        page: { first: size, after },
        read: (subgraph, first, from) => {
          const rest = (subgraph === 'a' ? items : others).slice(from === undefined ? 0 : Number(from) + 1);
          return Promise.resolve({ items: rest.slice(0, first), hasMore: rest.length > first });
        },
      });
      seen.push(...answer.items.map(({ item }) => item));
      after = answer.items.at(-1)?.cursor;
      if (!answer.hasNextPage) break;
    }
    expect(seen.toSorted()).toEqual(['a0', 'a1', 'a2', 'a3', 'b0', 'b1']);
    expect(seen.filter((one) => one.startsWith('a'))).toEqual(['a0', 'a1', 'a2', 'a3']);
  });

  // All lists together failed when one database was away, so an operator saw nothing of the others.
  it('gives what the others have while one is away, and goes on with that one when it is back', async () => {
    let isAway = true;
    const ask = (after?: string) =>
      mergeNewestFirst({
        subgraphs: ['a', 'b'],
        tag: 'test',
        page: { first: 2, after },
        read: (subgraph, first, from) =>
          isAway && subgraph === 'b' ? Promise.reject(new LoomError('STORE_UNAVAILABLE', 'away')) : read(subgraph, first, from),
      });
    const first = await ask();
    expect(first.items.map(({ item }) => item)).toEqual(['a90', 'a70']);
    expect(first.unreachable).toEqual([{ subgraph: 'b', code: 'STORE_UNAVAILABLE', message: expect.stringContaining('"b"') }]);
    isAway = false;
    const second = await ask(first.items.at(-1)?.cursor);
    expect(second.items.map(({ item }) => item)).toEqual(['b80', 'b75']);
    expect(second.unreachable).toEqual([]);
  });

  it('does not take what a subgraph refuses for its absence', async () => {
    const refused = mergeNewestFirst({
      subgraphs: ['a'],
      tag: 'test',
      page: {},
      read: () => Promise.reject(new LoomError('INVALID_CURSOR', 'not of this list')),
    });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_CURSOR' });
  });

  it('refuses sizes out of range and foreign cursors', async () => {
    const code = (promise: Promise<unknown>) => promise.catch((error: unknown) => (error as LoomError).code);
    expect(await code(page(101))).toBe('PAGE_LIMIT_EXCEEDED');
    expect(await code(page(0))).toBe('BAD_USER_INPUT');
    expect(await code(page(5, 'nonsense'))).toBe('INVALID_CURSOR');
  });
});
