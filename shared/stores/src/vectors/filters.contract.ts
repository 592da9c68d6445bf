import { expect } from '@jest/globals';
import { axis, ids, numbered, template, type VectorSuite } from './contract.fixture.js';
import type { AttributeFilter } from './port.js';

/** Clauses 6 and 8: filters, and what is refused. */
export function describeFilters({ open, clause }: VectorSuite): void {
  clause(6, 'filters by every attribute: scalar, any of, overlap, absent', async () => {
    const index = await open();
    await index.upsert([
      template('a', { text: 'word', attributes: { category: 'tech', tags: ['x', 'y'], rating: 5, free: true } }),
      template('b', { text: 'word', attributes: { category: 'art', tags: ['y'], rating: 4.5, free: false } }),
      template('c', { text: 'word', attributes: { category: null } }),
    ]);
    const filters = [
      [{ category: 'tech' }, ['a']],
      [{ category: ['tech', 'art'] }, ['a', 'b']],
      [{ category: [] }, []],
      [{ category: null }, ['c']],
      [{ tags: 'y' }, ['a', 'b']],
      [{ tags: ['x', 'z'] }, ['a']],
      [{ rating: 4.5, free: false }, ['b']],
      [{ free: true, category: 'art' }, []],
      [{}, ['a', 'b', 'c']],
    ] as const;
    for (const [filter, expected] of filters) {
      expect(ids(await index.searchByText({ text: 'word', limit: 9, filter }))).toEqual(expected);
      expect(ids(await index.searchByVector({ field: 'content', embedding: axis(0), limit: 9, filter }))).toEqual(expected);
      expect((await index.suggest('template', { limit: 9, filter })).length).toBe(expected.length);
    }
    const wrong: AttributeFilter[] = [{ unknown: 'x' }, { rating: 'five' }, { free: ['true'] }];
    for (const filter of wrong) {
      await expect(index.searchByText({ text: 'word', limit: 9, filter })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });

  clause(6, 'filters by a least number, and by values that must all be there', async () => {
    const index = await open();
    await index.upsert([
      template('a', { text: 'word', attributes: { tags: ['x', 'y'], rating: 5 } }),
      template('b', { text: 'word', attributes: { tags: ['y'], rating: 4.5 } }),
      template('c', { text: 'word', attributes: { tags: null, rating: null } }),
    ]);
    const filters = [
      [{ rating: { atLeast: 4.5 } }, ['a', 'b']],
      [{ rating: { atLeast: 4.6 } }, ['a']],
      [{ rating: { atLeast: 6 } }, []],
      [{ tags: { all: ['y'] } }, ['a', 'b']],
      [{ tags: { all: ['y', 'x'] } }, ['a']],
      [{ tags: { all: ['y', 'z'] } }, []],
      [{ tags: { all: ['y'] }, rating: { atLeast: 5 } }, ['a']],
    ] as const;
    for (const [filter, expected] of filters) {
      expect(ids(await index.searchByText({ text: 'word', limit: 9, filter }))).toEqual(expected);
      expect(ids(await index.searchByVector({ field: 'content', embedding: axis(0), limit: 9, filter }))).toEqual(expected);
    }
    const wrong: AttributeFilter[] = [
      { category: { atLeast: 1 } },
      { rating: { all: ['5'] } },
      { rating: { atLeast: Number.NaN } },
      { tags: { atLeast: 1 } },
    ];
    for (const filter of wrong) {
      await expect(index.searchByText({ text: 'word', limit: 9, filter })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });

  clause(6, 'answers the limit under a filter that few documents far away pass', async () => {
    const index = await open();
    // 15 of 3,000 pass, and they are the farthest: an index scan that stops after its first candidates would find none of them.
    await index.upsert(
      numbered(3_000, (position) => ({
        embeddings: { content: position % 200 === 7 ? axis(4, position / 3_000) : axis(0, position / 3_000) },
        attributes: { category: position % 200 === 7 ? 'rare' : 'common' },
      })),
    );
    const query = { field: 'content', embedding: axis(0), limit: 12, filter: { category: 'rare' } };
    const hits = await index.searchByVector(query);
    expect(hits).toHaveLength(12);
    expect(ids(hits)).toEqual(ids(await index.searchByVector({ ...query, exact: true })));
    expect(await index.searchByVector({ ...query, limit: 50 })).toHaveLength(15);
    expect(await index.searchByVector({ ...query, limit: 40, filter: { category: 'common' } })).toHaveLength(40);
  });

  clause(8, 'rejects an embedding of another length, naming both', async () => {
    const index = await open();
    const wrong = { code: 'BAD_USER_INPUT', message: expect.stringMatching(/\b8\b.*\b3\b/) };
    await expect(index.upsert([template('ok'), template('a', { embeddings: { content: [1, 2, 3] } })])).rejects.toMatchObject(wrong);
    await expect(index.searchByVector({ field: 'content', embedding: [1, 2, 3], limit: 1 })).rejects.toMatchObject(wrong);
    await expect(index.searchHybrid({ field: 'content', embedding: [1, 2, 3], limit: 1, text: 'x' })).rejects.toMatchObject(wrong);
    await expect(index.searchByVector({ field: 'nope', embedding: axis(0), limit: 1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(index.upsert([template('a', { embeddings: { content: axis(0, Number.NaN) } })])).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(index.upsert([template('a', { attributes: { nope: 1 } })])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await index.count()).toBe(0);
  });
}
