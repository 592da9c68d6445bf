import { expect } from '@jest/globals';
import { axis, ids, numbered, template, type VectorSuite } from './contract.fixture.js';

/** Clauses 3 to 5 and 7: what is found, and in what order. */
export function describeSearches({ open, clause }: VectorSuite): void {
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
}
