import { afterEach, describe, expect, it } from '@jest/globals';
import type { AttributeFilter, VectorCollection, VectorDocument, VectorIndex } from './port.js';

export interface VectorIndexContract {
  readonly name: string;
  /** Opens the collection; twice with one name gives two handles of the same documents. */
  readonly create: (collection: VectorCollection) => Promise<VectorIndex>;
  readonly unsupported?: readonly { clause: number; reason: string }[];
}

const DIMENSIONS = 8;
let collections = 0;

const axis = (position: number, lean = 0): number[] => {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  vector[position] = 1;
  vector[(position + 1) % DIMENSIONS] = lean;
  return vector;
};

const template = (id: string, more: Partial<VectorDocument> = {}): VectorDocument => ({
  id,
  revision: 1,
  fingerprint: `f-${id}`,
  model: 'lexical-1',
  embeddings: { content: axis(0) },
  title: `Template ${id}`,
  text: '',
  attributes: {},
  ...more,
});

const ids = (hits: readonly { id: string }[]): string[] => hits.map(({ id }) => id);
const numbered = (count: number, make: (index: number) => Partial<VectorDocument>): VectorDocument[] =>
  Array.from({ length: count }, (_, index) => template(`t${String(index).padStart(4, '0')}`, make(index)));

/** The clauses of `VectorIndex`, one suite over every adapter. */
export function describeVectorIndexContract({ name, create, unsupported = [] }: VectorIndexContract): void {
  describe(`VectorIndex: ${name}`, () => {
    const opened: VectorIndex[] = [];
    afterEach(() => Promise.all(opened.splice(0).map((index) => index.close())));

    const open = async (collection: Partial<VectorCollection> = {}): Promise<VectorIndex> => {
      collections += 1;
      const index = await create({
        name: `contract_${collections}`,
        dimensions: DIMENSIONS,
        embeddings: { content: { indexed: true }, title: { indexed: false } },
        attributes: { category: 'text', tags: 'text[]', rating: 'number', free: 'boolean' },
        ...collection,
      });
      opened.push(index);
      return index;
    };
    const clause = (number: number, title: string, test: () => Promise<void>): void => {
      const exemption = unsupported.find((entry) => entry.clause === number);
      if (exemption) it.skip(`${number}. ${title} (unsupported: ${exemption.reason})`, test);
      else it(`${number}. ${title}`, test);
    };

    clause(1, 'stores only a greater revision and answers per document, in order', async () => {
      const index = await open();
      expect(await index.upsert([template('b', { revision: 2 }), template('a', { revision: 5 })])).toEqual(['applied', 'applied']);
      const outcomes = await index.upsert([
        template('a', { revision: 4, title: 'old' }),
        template('c'),
        template('b', { revision: 2, fingerprint: 'other', title: 'same revision' }),
      ]);
      expect(outcomes).toEqual(['fenced', 'applied', 'fenced']);
      const [a, b, missing] = await index.get(['a', 'b', 'nobody']);
      expect([a?.title, b?.title, missing]).toEqual(['Template a', 'Template b', null]);
      expect(await index.upsert([])).toEqual([]);
    });

    clause(1, 'with force stores an equal revision with another fingerprint, and no older one', async () => {
      const index = await open();
      await index.upsert([template('a', { revision: 3 }), template('b', { revision: 3 }), template('c', { revision: 3 })]);
      const outcomes = await index.upsert(
        [
          template('a', { revision: 3, fingerprint: 'repaired', title: 'Repaired' }),
          template('b', { revision: 3 }),
          template('c', { revision: 2, fingerprint: 'repaired' }),
        ],
        { force: true },
      );
      expect(outcomes).toEqual(['applied', 'fenced', 'fenced']);
      expect((await index.get(['a']))[0]?.title).toBe('Repaired');
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
      const collection = { name: `contract_race_${process.pid}_${(collections += 1)}` };
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

    clause(3, 'answers by cosine similarity, best first, ties by id', async () => {
      const index = await open();
      await index.upsert([
        template('far', { embeddings: { content: axis(4) } }),
        template('opposite', { embeddings: { content: axis(0).map((value) => -value) } }),
        template('near', { embeddings: { content: axis(0, 1) } }),
        template('tie-b', { embeddings: { content: axis(0, 0.1).map((value) => value * 7) } }),
        template('tie-a', { embeddings: { content: axis(0, 0.1) } }),
        template('same'),
        template('none', { embeddings: {} }),
        template('zero', { embeddings: { content: axis(0).map(() => 0) } }),
      ]);
      for (const exact of [false, true]) {
        const hits = await index.searchByVector({ field: 'content', embedding: axis(0), limit: 10, exact });
        expect(ids(hits)).toEqual(['same', 'tie-a', 'tie-b', 'near', 'far', 'opposite']);
        expect(hits.map(({ score }) => Number(score.toFixed(3)))).toEqual([1, 0.995, 0.995, 0.707, 0, -1]);
        expect(hits[0]).toMatchObject({ vectorRank: 1 });
      }
      expect(ids(await index.searchByVector({ field: 'content', embedding: axis(0), limit: 10, minScore: 0.7 }))).toHaveLength(4);
      expect(await index.searchByVector({ field: 'content', embedding: axis(0).map(() => 0), limit: 10 })).toEqual([]);
      expect(await index.searchByVector({ field: 'content', embedding: axis(0), limit: 0 })).toEqual([]);
    });

    clause(3, 'cuts ties at the limit by id', async () => {
      const index = await open();
      await index.upsert(numbered(15, () => ({})).toReversed());
      expect(ids(await index.searchByVector({ field: 'content', embedding: axis(0), limit: 3 }))).toEqual(['t0000', 't0001', 't0002']);
    });

    clause(3, 'compares with the embedding that was named', async () => {
      const index = await open();
      await index.upsert([
        template('a', { embeddings: { content: axis(0), title: axis(3) } }),
        template('b', { embeddings: { content: axis(3), title: axis(0) } }),
      ]);
      expect(ids(await index.searchByVector({ field: 'title', embedding: axis(3), limit: 1 }))).toEqual(['a']);
      expect(ids(await index.searchByVector({ field: 'content', embedding: axis(3), limit: 1 }))).toEqual(['b']);
    });

    clause(3, 'finds what is like each of many stored documents, without it; nothing is like one that is not there', async () => {
      const index = await open();
      const documents = numbered(12, (i) => ({ embeddings: { content: axis(0, i / 12) } }));
      await index.upsert([...documents, template('zero', { embeddings: { content: axis(0).map(() => 0) } })]);
      await index.remove([{ id: 't0001', revision: 99 }]);
      const query = { field: 'content', limit: 4 };
      const like = await index.searchLikeEach([...documents.map(({ id }) => id), 'nobody', 'zero', 't0000'], query);
      expect(like).toHaveLength(15);
      for (const [position, { id: self, embeddings }] of documents.entries()) {
        const nearest = await index.searchByVector({ ...query, limit: 5, embedding: embeddings['content'] ?? [] });
        const expected = self === 't0001' ? [] : nearest.filter(({ id }) => id !== self).slice(0, 4);
        expect(ids(like[position] ?? [])).toEqual(ids(expected));
        for (const [rank, hit] of (like[position] ?? []).entries()) {
          expect(hit.score).toBeCloseTo(expected[rank]?.score ?? 0, 6);
          expect(hit.vectorRank).toBe(rank + 1);
        }
      }
      expect(like.slice(12)).toEqual([[], [], like[0]]);
      expect(await index.searchLikeEach([], query)).toEqual([]);
      const best = like[0]?.[0]?.score ?? 0;
      expect((await index.searchLikeEach(['t0000'], { ...query, minScore: best }))[0]?.every(({ score }) => score >= best)).toBe(true);
    });

    clause(4, 'finds Chinese words inside longer ones and the other way round', async () => {
      const index = await open();
      await index.upsert([
        template('fullstack', { text: '高级全栈工程师简历' }),
        template('backend', { text: '后端开发工程师' }),
        template('designer', { text: '平面设计师作品集' }),
      ]);
      const found = async (text: string): Promise<string[]> => ids(await index.searchByText({ text, limit: 9 })).toSorted();
      expect(await found('全栈')).toEqual(['fullstack']);
      expect(await found('工程师')).toEqual(['backend', 'fullstack']);
      expect(await found('后端')).toEqual(['backend']);
      const both = await index.searchByText({ text: '全栈工程师', limit: 9 });
      expect(ids(both)).toEqual(['fullstack', 'backend']);
      expect(both.every(({ score }) => score > 0)).toBe(true);
    });

    clause(4, 'matches any query word, in any inflection of English, more words first', async () => {
      const index = await open();
      await index.upsert([
        template('both', { text: 'A modern serif résumé' }),
        template('one', { text: 'One with serifs' }),
        template('cpp', { text: 'Senior C++ and Node.js developer' }),
        template('other', { text: 'Nothing of the kind, the plain C one' }),
      ]);
      const found = async (text: string): Promise<string[]> => ids(await index.searchByText({ text, limit: 9 }));
      expect(await found('MODERN serifs')).toEqual(['both', 'one']);
      expect((await found('the serif')).toSorted()).toEqual(['both', 'one']);
      expect(await found('c++')).toEqual(['cpp']);
      expect(await found('node')).toEqual(['cpp']);
      expect(await found('developing')).toEqual(['cpp']);
      expect(await found('the')).toEqual(['other']);
      expect(await found("?! & | () ' :*")).toEqual([]);
    });

    clause(5, 'fuses both rankings by reciprocal rank', async () => {
      const index = await open();
      await index.upsert([
        template('both', { embeddings: { content: axis(0, 0.2) }, text: 'golang among several other words' }),
        template('vector', { embeddings: { content: axis(0) } }),
        template('text', { embeddings: {}, text: 'golang' }),
      ]);
      const query = { field: 'content', embedding: axis(0), text: 'golang' };
      const hits = await index.searchHybrid({ ...query, limit: 9 });
      expect(ids(hits)).toEqual(['both', 'text', 'vector']);
      expect(hits[0]).toEqual({ id: 'both', score: 1 / 62 + 1 / 62, vectorRank: 2, textRank: 2 });
      expect(hits[2]).toEqual({ id: 'vector', score: 1 / 61, vectorRank: 1 });
      expect(ids(await index.searchHybrid({ ...query, limit: 9, candidates: 1 }))).toEqual(['text', 'vector']);
      expect(ids(await index.searchHybrid({ ...query, limit: 1 }))).toEqual(['both']);
    });

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

    clause(7, 'suggests titles: starting with, a word starting with, close; distinct, best first', async () => {
      const index = await open();
      const titles = ['Professional Résumé', 'Modern Professional', 'Professional Résumé', 'Designer Portfolio', 'Plain 100%_done'];
      const chinese = ['全栈工程师简历', '高级全栈工程师', '极简风格模板'];
      await index.upsert([...titles, ...chinese].map((title, position) => template(`t${position}`, { title })));
      expect(await index.suggest('prof', { limit: 9 })).toEqual(['Professional Résumé', 'Modern Professional']);
      expect(await index.suggest('PROFESSIONAL r', { limit: 9 })).toContain('Professional Résumé');
      expect((await index.suggest('profesional', { limit: 9 })).toSorted()).toEqual(['Modern Professional', 'Professional Résumé']);
      expect(await index.suggest('desinger', { limit: 9 })).toEqual(['Designer Portfolio']);
      expect(await index.suggest('全栈', { limit: 9 })).toEqual(['全栈工程师简历', '高级全栈工程师']);
      expect(await index.suggest('全栈工程', { limit: 1 })).toEqual(['全栈工程师简历']);
      expect(await index.suggest('极', { limit: 9 })).toEqual(['极简风格模板']);
      expect(await index.suggest('plain 100%_', { limit: 9 })).toEqual(['Plain 100%_done']);
      expect(await index.suggest('%', { limit: 9 })).toEqual([]);
      expect(await index.suggest('  ', { limit: 9 })).toEqual([]);
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

    clause(9, 'scans live documents and tombstones in id order, page by page', async () => {
      const index = await open();
      await index.upsert([template('b'), template('A'), template('a', { revision: 4 }), template('c')]);
      await index.remove([{ id: 'b', revision: 2 }]);
      const first = await index.scan({ limit: 3 });
      expect(first).toEqual([
        { id: 'A', revision: 1, fingerprint: 'f-A', deleted: false },
        { id: 'a', revision: 4, fingerprint: 'f-a', deleted: false },
        { id: 'b', revision: 2, fingerprint: '', deleted: true },
      ]);
      expect(ids(await index.scan({ after: 'b', limit: 3 }))).toEqual(['c']);
      expect(await index.count()).toBe(3);
      expect(await index.health()).toMatchObject({ name: 'vectors', ok: true });
    });

    clause(10, 'advances the revision where the fingerprint is the given one, and changes nothing else', async () => {
      const index = await open();
      await index.upsert([
        template('a', { revision: 2, fingerprint: 'f' }),
        template('b', { revision: 9, fingerprint: 'f' }),
        template('c', { revision: 1 }),
      ]);
      await index.remove([{ id: 'c', revision: 2 }]);
      const marks = ['a', 'b', 'c', 'd'].map((id) => ({ id, revision: 5, fingerprint: 'f' }));
      expect(await index.advance(marks)).toEqual(['advanced', 'fenced', 'differs', 'differs']);
      expect(await index.advance([{ id: 'a', revision: 6, fingerprint: 'other' }])).toEqual(['differs']);
      expect((await index.scan({ limit: 9 })).map(({ id, revision }) => [id, revision])).toEqual([
        ['a', 5],
        ['b', 9],
        ['c', 2],
      ]);
      expect(await index.upsert([template('a', { revision: 4, title: 'late' })])).toEqual(['fenced']);
      expect(await index.advance([])).toEqual([]);
    });

    clause(11, 'rejects every call after close', async () => {
      const index = await open();
      await index.close();
      await index.close();
      const closed = { kind: 'unavailable' };
      await expect(index.upsert([template('a')])).rejects.toMatchObject(closed);
      await expect(index.remove([])).rejects.toMatchObject(closed);
      await expect(index.get(['a'])).rejects.toMatchObject(closed);
      await expect(index.searchByVector({ field: 'content', embedding: axis(0), limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.searchByText({ text: 'a', limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.searchHybrid({ field: 'content', embedding: axis(0), text: 'a', limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.suggest('a', { limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.scan({ limit: 1 })).rejects.toMatchObject(closed);
      await expect(index.count()).rejects.toMatchObject(closed);
      expect(await index.health()).toMatchObject({ ok: false });
    });
  });
}
