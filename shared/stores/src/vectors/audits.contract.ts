import { expect } from '@jest/globals';
import { axis, ids, newName, numbered, template, type VectorSuite } from './contract.fixture.js';

/** Clauses 9, 11 and 12: what audits read, and what goes for good. */
export function describeAudits({ open, clause }: VectorSuite): void {
  clause(9, 'scans live documents and tombstones in id order, page by page', async () => {
    const index = await open();
    await index.upsert([template('b'), template('A'), template('a', { revision: 4, fence: 2 }), template('c')]);
    await index.remove([{ id: 'b', revision: 2 }]);
    const first = await index.scan({ limit: 3 });
    expect(first).toEqual([
      { id: 'A', revision: 1, fence: 0, fingerprint: 'f-A', deleted: false },
      { id: 'a', revision: 4, fence: 2, fingerprint: 'f-a', deleted: false },
      { id: 'b', revision: 2, fence: 0, fingerprint: '', deleted: true },
    ]);
    expect(ids(await index.scan({ after: 'b', limit: 3 }))).toEqual(['c']);
    expect(await index.count()).toBe(3);
    expect(await index.health()).toMatchObject({ name: 'vectors', ok: true });
  });

  clause(9, 'answers the entries of some ids, in their order', async () => {
    const index = await open();
    await index.upsert([template('b'), template('a', { revision: 4, fence: 2 })]);
    await index.remove([{ id: 'b', revision: 2, fence: 3 }]);
    const [b, nobody, a, again] = await index.entries(['b', 'nobody', 'a', 'b']);
    expect([b, nobody, a]).toEqual([
      { id: 'b', revision: 2, fence: 3, fingerprint: '', deleted: true },
      null,
      { id: 'a', revision: 4, fence: 2, fingerprint: 'f-a', deleted: false },
    ]);
    expect(again).toEqual(b);
    expect(await index.entries([])).toEqual([]);
  });

  clause(9, 'says that what was written is intact, whatever the writes, and after the collection grew', async () => {
    const name = newName();
    const index = await open({ name });
    await index.upsert([
      template('full', {
        embeddings: { content: axis(1, 0.1), title: axis(2) },
        title: `O'Reilly "quoted" \\ 简历`,
        text: 'line\nline\u0001 全栈工程师',
        attributes: { category: 'tech', tags: ['a,b', '"c"', '中文'], rating: 1 / 3, free: false },
      }),
      template('bare', { embeddings: {} }),
      template('advanced'),
      template('rewritten'),
      template('gone'),
    ]);
    await index.advance([{ id: 'advanced', revision: 7, fence: 2, fingerprint: 'f-advanced' }]);
    await index.upsert([template('rewritten', { revision: 2, title: 'Other' })]);
    await index.remove([{ id: 'gone', revision: 2 }]);
    const grown = await open({
      name,
      embeddings: { content: { indexed: true }, title: { indexed: false }, later: { indexed: false } },
      attributes: { category: 'text', tags: 'text[]', rating: 'number', free: 'boolean', another: 'number', earlier: 'text' },
    });
    for (const handle of [index, grown]) {
      const entries = await handle.scan({ limit: 9, verify: true });
      expect(entries.map(({ id, intact }) => [id, intact])).toEqual(
        ['advanced', 'bare', 'full', 'gone', 'rewritten'].map((id) => [id, true]),
      );
      expect(await handle.entries(['full'], { verify: true })).toEqual([entries[2]]);
    }
  });

  clause(11, 'forgets tombstones of an age, so many a call, and nothing else', async () => {
    const index = await open();
    const documents = numbered(5, () => ({}));
    await index.upsert([...documents, template('live')]);
    await index.remove(documents.map(({ id }) => ({ id, revision: 2 })));
    expect(await index.purgeTombstones({ olderThanMs: 60_000, limit: 9 })).toBe(0);
    expect(await index.purgeTombstones({ olderThanMs: 0, limit: 3 })).toBe(3);
    expect(await index.purgeTombstones({ olderThanMs: 0, limit: 3 })).toBe(2);
    expect(await index.purgeTombstones({ olderThanMs: 0, limit: 3 })).toBe(0);
    expect(ids(await index.scan({ limit: 9 }))).toEqual(['live']);
    expect(await index.upsert([template('t0000')])).toEqual(['applied']);
  });

  clause(12, 'drops the collection with everything in it', async () => {
    const name = newName();
    const index = await open({ name });
    await index.upsert([template('a')]);
    await index.drop();
    await expect(index.count()).rejects.toMatchObject({ kind: 'unavailable' });
    const fresh = await open({ name });
    expect(await fresh.scan({ limit: 9 })).toEqual([]);
  });
}
