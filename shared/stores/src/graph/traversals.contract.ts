import { expect } from '@jest/globals';
import { edge, idsOf, ref, template, user, type GraphSuite } from './contract.fixture.js';
import type { GraphDocument, GraphEdge } from './port.js';

/** Clauses 4 to 7: neighbours, paths, and what is refused. */
export function describeTraversals({ clause }: GraphSuite): void {
  clause(4, 'follows one type one step, in the direction asked for, heaviest first, then by id', async (graph, $) => {
    const similar = (id: string, weight: number): GraphEdge => edge('SIMILAR_TO', ref('Template', $(id)), weight);
    await graph.apply([
      template($('a'), {
        ownedEdges: ['SIMILAR_TO', 'LIKES'],
        edges: [similar('c', 0.5), similar('b', 0.5), similar('d', 0.9), edge('LIKES', ref('Template', $('b')))],
      }),
      template($('b')),
      template($('c')),
      template($('d'), { ownedEdges: ['SIMILAR_TO'], edges: [similar('a', 0.7), similar('d', 1)] }),
      template($('k'), { label: 'Category', ownedEdges: ['SIMILAR_TO'], edges: [similar('a', 2)] }),
    ]);
    const from = ref('Template', $('a'));
    const query = { from, edge: 'SIMILAR_TO', limit: 9 };
    expect(idsOf(await graph.neighbours({ ...query, direction: 'out' }))).toEqual(['d', 'b', 'c'].map($));
    expect(idsOf(await graph.neighbours({ ...query, direction: 'in' }))).toEqual(['k', 'd'].map($));
    expect(idsOf(await graph.neighbours({ ...query, direction: 'both' }))).toEqual(['k', 'd', 'd', 'b', 'c'].map($));
    expect(idsOf(await graph.neighbours({ ...query, direction: 'both', label: 'Category' }))).toEqual([$('k')]);
    expect(idsOf(await graph.neighbours({ ...query, direction: 'out', limit: 2 }))).toEqual(['d', 'b'].map($));
    expect(idsOf(await graph.neighbours({ ...query, from: ref('Template', $('d')), direction: 'both' }))).toEqual(['d', 'a', 'a'].map($));
  });

  clause(4, 'answers the neighbours of many nodes at once as it does one by one', async (graph, $) => {
    const similar = (id: string, weight: number) => ({ type: 'SIMILAR_TO', to: ref('Template', $(id)), properties: {}, weight });
    const document = (id: string, edges: GraphDocument['edges']): GraphDocument => ({
      label: 'Template',
      id: $(id),
      revision: 1,
      fingerprint: 'f',
      properties: { name: id },
      ownedEdges: ['SIMILAR_TO'],
      edges,
    });
    await graph.apply([document('p', [similar('q', 0.5), similar('r', 0.9)]), document('q', [similar('r', 0.7)]), document('r', [])]);
    const query = { edge: 'SIMILAR_TO', direction: 'both', label: 'Template', limit: 2 } as const;
    const asked = ['r', 'nobody', 'p', 'q'].map($);
    const answers = await graph.neighboursOfEach(asked, { from: 'Template', ...query });
    expect(answers).toEqual(await Promise.all(asked.map((id) => graph.neighbours({ from: ref('Template', id), ...query }))));
    expect(answers.map((one) => one.map(({ node }) => node.id))).toEqual([['p', 'q'], [], ['r', 'q'], ['r', 'p']].map((ids) => ids.map($)));
    expect(await graph.neighboursOfEach([], { from: 'Template', ...query })).toEqual([]);
  });

  clause(5, 'counts the middle nodes two steps away, most first, then by id, without the start', async (graph, $) => {
    await graph.apply([
      ...['a', 'b', 'c', 'd', 'e'].map((id) => template($(id))),
      user($('u1'), ['a', 'b', 'c'].map($)),
      user($('u2'), ['a', 'c'].map($)),
      user($('u3'), ['a', 'd', 'later'].map($)),
      user($('u4'), ['e'].map($)),
      { ...user($('bot'), ['a', 'e'].map($)), label: 'Bot' },
    ]);
    const query = { from: ref('Template', $('a')), edge: 'USED', through: 'User', limit: 9 };
    const shared = await graph.sharedNeighbours(query);
    expect(shared.map(({ node, shared: count }) => [node.id, count])).toEqual([
      [$('c'), 2],
      [$('b'), 1],
      [$('d'), 1],
    ]);
    expect(idsOf(await graph.sharedNeighbours({ ...query, limit: 1 }))).toEqual([$('c')]);
    expect(idsOf(await graph.sharedNeighbours({ ...query, through: 'Bot' }))).toEqual([$('e')]);
  });

  clause(6, 'finds a shortest path over the given types in any direction', async (graph, $) => {
    const chain = Array.from({ length: 8 }, (_, index) =>
      template($(`c${index}`), {
        ownedEdges: ['NEXT'],
        edges: index < 7 ? [edge('NEXT', ref('Template', $(`c${index + 1}`)), 1, { step: index })] : [],
      }),
    );
    await graph.apply([
      ...chain,
      user($('u'), [$('c0'), $('c4')]),
      template($('island')),
      template($('g'), { ownedEdges: ['NEXT'], edges: [edge('NEXT', ref('Template', $('ghost')))] }),
    ]);
    const path = (from: string, to: string, edges: string[], maxDepth: number) =>
      graph.shortestPath({ from: ref('Template', $(from)), to: ref('Template', $(to)), edges, maxDepth });
    const ids = async (...query: Parameters<typeof path>) => (await path(...query))?.nodes.map(({ id }) => id.slice($('').length)) ?? null;
    expect(await path('c0', 'c1', ['NEXT'], 1)).toEqual({
      nodes: [
        { label: 'Template', id: $('c0'), properties: {} },
        { label: 'Template', id: $('c1'), properties: {} },
      ],
      steps: [{ type: 'NEXT', forward: true, properties: { step: 0 } }],
    });
    expect((await path('c2', 'c0', ['NEXT'], 3))?.steps).toEqual([
      { type: 'NEXT', forward: false, properties: { step: 1 } },
      { type: 'NEXT', forward: false, properties: { step: 0 } },
    ]);
    expect(await ids('c0', 'c6', ['NEXT'], 6)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6']);
    expect(await ids('c0', 'c7', ['NEXT'], 6)).toBeNull();
    expect(await ids('c0', 'c6', ['NEXT'], 5)).toBeNull();
    const mixed = await path('c0', 'c5', ['NEXT', 'USED'], 6);
    expect(mixed?.nodes.map(({ id }) => id)).toEqual(['c0', 'u', 'c4', 'c5'].map($));
    expect(mixed?.steps.map(({ type, forward }) => [type, forward])).toEqual([
      ['USED', false],
      ['USED', true],
      ['NEXT', true],
    ]);
    expect(await ids('c3', 'c3', ['NEXT'], 1)).toEqual(['c3']);
    expect(await ids('c0', 'island', ['NEXT', 'USED'], 6)).toBeNull();
    expect(await ids('c0', 'c1', ['UNHEARD_OF'], 6)).toBeNull();
    expect(await ids('c0', 'c1', [], 6)).toBeNull();
    expect(await ids('g', 'ghost', ['NEXT'], 6)).toBeNull();
    for (const maxDepth of [0, 7, 1.5])
      await expect(path('c0', 'c1', ['NEXT'], maxDepth)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  clause(7, 'answers nothing about unknown nodes', async (graph, $) => {
    await graph.apply([template($('a'))]);
    const unknown = ref('Template', $('unknown'));
    expect(await graph.node('Template', $('unknown'))).toBeNull();
    expect(await graph.neighbours({ from: unknown, edge: 'USED', direction: 'both', limit: 9 })).toEqual([]);
    expect(await graph.sharedNeighbours({ from: unknown, edge: 'USED', through: 'User', limit: 9 })).toEqual([]);
    expect(await graph.shortestPath({ from: unknown, to: ref('Template', $('a')), edges: ['USED'], maxDepth: 3 })).toBeNull();
    expect(await graph.shortestPath({ from: unknown, to: unknown, edges: ['USED'], maxDepth: 3 })).toBeNull();
  });

  clause(7, 'rejects names that are no identifiers, and names it reserves', async (graph, $) => {
    const bad = { code: 'BAD_USER_INPUT' };
    const from = ref('Template', $('a'));
    const injection = 'X`]-() DETACH DELETE n //';
    await expect(graph.apply([template($('a'), { label: injection })])).rejects.toMatchObject(bad);
    await expect(graph.apply([template($('a'), { ownedEdges: [injection] })])).rejects.toMatchObject(bad);
    await expect(graph.apply([template($('a'), { properties: { 'a-b': 1 } })])).rejects.toMatchObject(bad);
    await expect(graph.apply([template($('a'), { properties: { _revision: 1 } })])).rejects.toMatchObject(bad);
    await expect(graph.apply([template($('a'), { properties: { id: 'another' } })])).rejects.toMatchObject(bad);
    await expect(graph.apply([template($('a'), { edges: [edge('NOT_OWNED', from)] })])).rejects.toMatchObject(bad);
    await expect(graph.apply([template('')])).rejects.toMatchObject(bad);
    await expect(graph.remove(injection, [])).rejects.toMatchObject(bad);
    await expect(graph.node(injection, 'a')).rejects.toMatchObject(bad);
    await expect(graph.scan(injection, { limit: 1 })).rejects.toMatchObject(bad);
    await expect(graph.neighbours({ from, edge: injection, direction: 'out', limit: 1 })).rejects.toMatchObject(bad);
    await expect(graph.sharedNeighbours({ from, edge: 'USED', through: injection, limit: 1 })).rejects.toMatchObject(bad);
    await expect(graph.shortestPath({ from, to: from, edges: [injection], maxDepth: 1 })).rejects.toMatchObject(bad);
    expect(await graph.node('Template', $('a'))).toBeNull();
  });
}
