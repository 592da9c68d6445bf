import { expect } from '@jest/globals';
import { edge, idsOf, ref, template, user, type GraphSuite } from './contract.fixture.js';

/** Clauses 8 and 9: what audits read, and what goes for good. */
export function describeAudits({ clause }: GraphSuite): void {
  clause(8, 'scans the nodes of a label in id order, tombstones included, placeholders not', async (graph, $) => {
    await graph.apply([
      template($('c')),
      template($('a'), { revision: 4, fence: 2 }),
      template($('d')),
      { ...template($('b')), label: 'Category' },
      user($('u'), [$('bb')]),
    ]);
    await graph.remove('Template', [{ id: $('b'), revision: 2 }]);
    expect(await graph.scan('Template', { after: $(''), limit: 3 })).toEqual([
      { id: $('a'), revision: 4, fence: 2, fingerprint: `f-${$('a')}-4-2`, deleted: false },
      { id: $('b'), revision: 2, fence: 0, fingerprint: '', deleted: true },
      { id: $('c'), revision: 1, fence: 0, fingerprint: `f-${$('c')}-1-0`, deleted: false },
    ]);
    expect((await graph.scan('Template', { after: $('c'), limit: 1 })).map(({ id }) => id)).toEqual([$('d')]);
    expect(await graph.health()).toMatchObject({ name: 'graph', ok: true });
  });

  clause(8, 'answers the entries of some ids, in their order, placeholders not', async (graph, $) => {
    await graph.apply([template($('a'), { revision: 4, fence: 2 }), template($('b')), user($('u'), [$('later')])]);
    await graph.remove('Template', [{ id: $('b'), revision: 2, fence: 3 }]);
    expect(await graph.entries('Template', ['b', 'later', 'a', 'b'].map($))).toEqual([
      { id: $('b'), revision: 2, fence: 3, fingerprint: '', deleted: true },
      null,
      { id: $('a'), revision: 4, fence: 2, fingerprint: `f-${$('a')}-4-2`, deleted: false },
      { id: $('b'), revision: 2, fence: 3, fingerprint: '', deleted: true },
    ]);
    expect(await graph.entries('Template', [])).toEqual([]);
    await expect(graph.entries('X`]', ['a'])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  clause(8, 'says that what was written is intact, whatever is written to other nodes', async (graph, $) => {
    const properties = {
      title: `O'Reilly "简历" \\ $1`,
      count: 5,
      rating: 1 / 3,
      whole: 1e15,
      free: true,
      tags: ['a,b', '中文'],
      none: [],
      gone: null,
    };
    const owned = ['USED', 'LIKES'];
    const full = template($('full'), {
      properties,
      ownedEdges: owned,
      edges: [
        edge('USED', ref('Template', $('gone')), 0.1, { kind: 'text', count: 3 }),
        edge('USED', ref('User', $('placeholder')), 2),
        edge('LIKES', ref('Template', $('advanced')), 1e-7),
      ],
    });
    await graph.apply([
      full,
      template($('bare')),
      template($('advanced'), { fingerprint: 'same' }),
      template($('gone')),
      user($('u'), [$('full')]),
    ]);
    await graph.apply([template($('advanced'), { fingerprint: 'same', revision: 7 })]);
    await graph.remove('Template', [{ id: $('gone'), revision: 2 }]);
    const entries = await graph.scan('Template', { after: $(''), limit: 4, verify: true });
    expect(entries.map(({ id, intact }) => [id, intact])).toEqual(['advanced', 'bare', 'full', 'gone'].map((id) => [$(id), true]));
    expect(await graph.entries('Template', [$('full')], { verify: true })).toEqual([entries[2]]);
    // It owns fewer types now; the edge of the other type stays and is no longer part of it.
    await graph.apply([{ ...full, revision: 2, fingerprint: 'less', ownedEdges: ['USED'], edges: [] }]);
    expect(await graph.entries('Template', [$('full')], { verify: true })).toMatchObject([{ revision: 2, intact: true }]);
  });

  clause(9, 'forgets tombstones of an age, so many a call, and nothing else', async (graph, $) => {
    const ids = ['t1', 't2', 't3', 't4'].map($);
    await graph.apply([...ids.map((id) => template(id)), template($('live')), user($('u'), ids.slice(0, 1))]);
    await graph.remove(
      'Template',
      ids.map((id) => ({ id, revision: 2 })),
    );
    expect(await graph.purgeTombstones('Template', { olderThanMs: 60_000, limit: 9 })).toBe(0);
    for (let more = 1; more > 0;) more = await graph.purgeTombstones('Template', { olderThanMs: -1_000, limit: 3 });
    expect(await graph.entries('Template', [...ids, $('live')])).toMatchObject([null, null, null, null, { deleted: false }]);
    expect(await graph.apply([template(ids[0] ?? '')])).toEqual(['applied']);
    expect(idsOf(await graph.neighbours({ from: ref('User', $('u')), edge: 'USED', direction: 'out', limit: 9 }))).toEqual([ids[0]]);
  });
}
