import { expect } from '@jest/globals';
import { axis, ids, newName, numbered, template, type VectorSuite } from './contract.fixture.js';
import { expectOneWinner, expectTheRule, type OrderedStore } from './order.contract.js';
import type { VectorIndex } from './port.js';

/** Clauses 1, 2 and 10: which writes are taken, and what they leave. */
export function describeWrites({ open, clause }: VectorSuite): void {
  clause(1, 'stores what is ahead and answers per document, in order', async () => {
    const index = await open();
    expect(await index.upsert([template('b', { revision: 2, fence: 3 }), template('a', { revision: 5 })])).toEqual(['applied', 'applied']);
    const outcomes = await index.upsert([
      template('a', { revision: 4, fence: 9, title: 'old' }),
      template('c'),
      template('b', { revision: 2, fence: 2, fingerprint: 'other', title: 'of a claim that was taken over' }),
    ]);
    expect(outcomes).toEqual(['fenced', 'applied', 'fenced']);
    const [a, b, missing] = await index.get(['a', 'b', 'nobody']);
    expect([a?.title, b?.title, missing]).toEqual(['Template a', 'Template b', null]);
    const later = ['a', 'b'].map((id) => template(id, { revision: id === 'a' ? 5 : 2, fence: 4, fingerprint: 'later', title: 'Later' }));
    expect(await index.upsert(later)).toEqual(['applied', 'applied']);
    expect((await index.get(['a', 'b'])).map((document) => document?.title)).toEqual(['Later', 'Later']);
    expect(await index.upsert([])).toEqual([]);
  });

  // Prevents: a zombie that writes what it derived before the content changed and changed back, since the fence stayed where it was.
  clause(1, 'raises the fence with equal content too', async () => {
    const index = await open();
    await index.upsert([template('a', { fence: 1 }), template('b', { fence: 1 })]);
    expect(await index.upsert([template('a', { fence: 3 })])).toEqual(['applied']);
    expect(await index.advance([{ id: 'b', revision: 1, fence: 3, fingerprint: 'f-b' }])).toEqual(['advanced']);
    const zombies = ['a', 'b'].map((id) => template(id, { fence: 2, fingerprint: 'zombie' }));
    expect(await index.upsert(zombies)).toEqual(['fenced', 'fenced']);
    expect(await index.upsert([template('a', { fence: 3 })])).toEqual(['fenced']);
  });

  clause(1, 'stores what replaces exactly where that is stored', async () => {
    const index = await open();
    await index.upsert([template('a', { revision: 9, fence: 4 }), template('b', { revision: 2 })]);
    await index.remove([{ id: 'b', revision: 7, fence: 1 }]);
    const repair = (id: string, revision: number, fence: number) =>
      template(id, { revision: 3, fence: 6, title: 'Repaired', replaces: { revision, fence } });
    expect(await index.upsert([repair('a', 9, 3), repair('b', 7, 2), repair('c', 0, 0)])).toEqual(['fenced', 'fenced', 'fenced']);
    expect(await index.upsert([repair('a', 9, 4), repair('b', 7, 1)])).toEqual(['applied', 'applied']);
    const [a, b, c] = await index.get(['a', 'b', 'c']);
    expect([a?.title, b?.title, a?.revision, c]).toEqual(['Repaired', 'Repaired', 3, null]);
    expect(await index.remove([{ id: 'a', revision: 2, replaces: { revision: 3, fence: 6 } }])).toEqual(['applied']);
    expect(await index.entries(['a', 'c'])).toEqual([{ id: 'a', revision: 2, fence: 0, fingerprint: '', deleted: true }, null]);
  });

  clause(1, 'takes the writes that the rule takes, one after the other and all at once', async () => {
    const name = newName();
    const handles = [await open({ name }), await open({ name })].map(orderedStore);
    await expectTheRule(handles[0] as OrderedStore, ['a', 'b', 'c'], 120);
    await expectOneWinner(handles, ['x', 'y', 'z']);
  });

  clause(1, 'keeps the highest revision of an id that is in a batch more than once', async () => {
    const index = await open();
    const outcomes = await index.upsert([1, 3, 2].map((revision) => template('a', { revision, title: `Revision ${revision}` })));
    expect(outcomes).toEqual(['fenced', 'applied', 'fenced']);
    expect((await index.get(['a']))[0]).toMatchObject({ revision: 3, title: 'Revision 3' });
  });

  clause(1, 'gives a document back as it was stored', async () => {
    const index = await open();
    const full = template('a', {
      revision: 9_007_199_254_740_000,
      embeddings: { content: axis(1, 0.5), title: axis(2) },
      title: `O'Reilly "quoted" \\ 简历`,
      text: 'line\nline',
      attributes: { category: 'tech', tags: ['a,b', '"c"', '中文'], rating: 4.5, free: false },
    });
    await index.upsert([full, template('b')]);
    expect(await index.get(['b', 'a'])).toEqual([
      { ...template('b'), attributes: { category: null, tags: null, rating: null, free: null } },
      full,
    ]);
  });

  clause(1, 'keeps the newest of concurrent upserts, whatever their order', async () => {
    const collection = { name: newName() };
    const [one, two] = [await open(collection), await open(collection)];
    const revisions = Array.from({ length: 50 }, (_, index) => ((index * 37) % 50) + 1);
    await Promise.all(
      revisions.map((revision, index) =>
        (index % 2 ? one : two).upsert([template('raced', { revision, fingerprint: `f${revision}`, title: `Revision ${revision}` })]),
      ),
    );
    expect((await one.get(['raced']))[0]).toMatchObject({ revision: 50, fingerprint: 'f50', title: 'Revision 50' });
  });

  clause(1, 'takes concurrent batches with the same ids in different orders without a deadlock', async () => {
    const index = await open();
    const batch = numbered(30, () => ({}));
    const writes = Array.from({ length: 12 }, (_, round) => {
      const documents = batch.map((document) => ({ ...document, revision: round + 1 }));
      return index.upsert(round % 2 ? documents : documents.toReversed());
    });
    await Promise.all([...writes, index.remove(batch.toReversed().map(({ id }) => ({ id, revision: 6 })))]);
    expect(new Set((await index.scan({ limit: 100 })).map(({ revision, deleted }) => `${revision} ${deleted}`))).toEqual(
      new Set(['12 false']),
    );
  });

  clause(2, 'leaves a tombstone that hides the document and fences older upserts', async () => {
    const index = await open();
    await index.upsert([template('a', { revision: 2, text: 'modern' }), template('b', { revision: 2, text: 'modern' })]);
    expect(
      await index.remove([
        { id: 'a', revision: 3 },
        { id: 'b', revision: 1 },
        { id: 'never', revision: 7 },
      ]),
    ).toEqual(['applied', 'fenced', 'applied']);
    expect(await index.upsert([template('a', { revision: 2 }), template('never', { revision: 6 })])).toEqual(['fenced', 'fenced']);
    expect(ids(await index.searchByText({ text: 'modern', limit: 9 }))).toEqual(['b']);
    expect(ids(await index.searchByVector({ field: 'content', embedding: axis(0), limit: 9 }))).toEqual(['b']);
    expect(await index.suggest('template', { limit: 9 })).toEqual(['Template b']);
    expect(await index.get(['a'])).toEqual([null]);
    expect(await index.count()).toBe(1);
    expect(await index.upsert([template('a', { revision: 4, title: 'Back' })])).toEqual(['applied']);
    expect((await index.get(['a']))[0]?.title).toBe('Back');
  });

  clause(2, 'lets a removal win over a live document of its revision, in any order', async () => {
    const index = await open();
    await index.upsert([template('a', { revision: 2 })]);
    expect(await index.remove([{ id: 'a', revision: 2 }])).toEqual(['applied']);
    expect(await index.remove([{ id: 'a', revision: 2 }])).toEqual(['fenced']);
    expect(await index.upsert([template('a', { revision: 2 })])).toEqual(['fenced']);
  });

  clause(10, 'advances the revision where the fingerprint is the given one, and changes nothing else', async () => {
    const index = await open();
    await index.upsert([
      template('a', { revision: 2, fingerprint: 'f' }),
      template('b', { revision: 9, fingerprint: 'f' }),
      template('c', { revision: 1 }),
    ]);
    await index.remove([{ id: 'c', revision: 2 }]);
    expect(await index.advance([{ id: 'c', revision: 2, fingerprint: 'f-c' }])).toEqual(['fenced']);
    const marks = ['a', 'b', 'c', 'd'].map((id) => ({ id, revision: 5, fence: 2, fingerprint: 'f' }));
    expect(await index.advance(marks)).toEqual(['advanced', 'fenced', 'differs', 'differs']);
    expect(await index.advance([{ id: 'a', revision: 6, fingerprint: 'other' }])).toEqual(['differs']);
    expect(await index.advance([{ id: 'a', revision: 5, fence: 1, fingerprint: 'f' }])).toEqual(['fenced']);
    expect((await index.scan({ limit: 9 })).map(({ id, revision, fence }) => [id, revision, fence])).toEqual([
      ['a', 5, 2],
      ['b', 9, 0],
      ['c', 2, 0],
    ]);
    expect(await index.upsert([template('a', { revision: 4, title: 'late' })])).toEqual(['fenced']);
    expect(await index.advance([])).toEqual([]);
  });
}

const orderedStore = (index: VectorIndex): OrderedStore => ({
  write: async ({ deleted, ...write }) =>
    (deleted ? await index.remove([write]) : await index.upsert([template(write.id, write)]))[0] as 'applied' | 'fenced',
  entries: (asked) => index.entries(asked),
});
