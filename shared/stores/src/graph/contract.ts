import { afterEach, describe, expect, it } from '@jest/globals';
import type { GraphDocument, GraphEdge, GraphProperties, GraphStore, NodeRef } from './port.js';

export interface GraphStoreContract {
  readonly name: string;
  /** Opens the graph; several handles see the same nodes. Tests keep apart by ids. */
  readonly create: () => Promise<GraphStore>;
  readonly unsupported?: readonly { clause: number; reason: string }[];
}

let tests = 0;

const template = (id: string, more: Partial<GraphDocument> = {}): GraphDocument => ({
  label: 'Template',
  id,
  revision: 1,
  fingerprint: `f-${id}`,
  properties: {},
  ownedEdges: [],
  edges: [],
  ...more,
});
const user = (id: string, used: readonly string[], more: Partial<GraphDocument> = {}): GraphDocument =>
  template(id, { label: 'User', ownedEdges: ['USED'], edges: used.map((to) => edge('USED', { label: 'Template', id: to })), ...more });
const edge = (type: string, to: NodeRef, weight = 1, properties: GraphProperties = {}): GraphEdge => ({ type, to, weight, properties });
const ref = (label: string, id: string): NodeRef => ({ label, id });
const idsOf = (hits: readonly { node: NodeRef }[]): string[] => hits.map(({ node }) => node.id);

/** The clauses of `GraphStore`, one suite over every adapter. */
export function describeGraphStoreContract({ name, create, unsupported = [] }: GraphStoreContract): void {
  describe(`GraphStore: ${name}`, () => {
    const opened: GraphStore[] = [];
    afterEach(() => Promise.all(opened.splice(0).map((graph) => graph.close())));

    const open = async (): Promise<GraphStore> => {
      const graph = await create();
      opened.push(graph);
      return graph;
    };
    /** Every test has its own region of the graph: `$` in front of an id. */
    const clause = (number: number, title: string, test: (graph: GraphStore, $: (id: string) => string) => Promise<void>): void => {
      const run = async (): Promise<void> => {
        const region = `${process.pid}-${(tests += 1)}-`;
        await test(await open(), (id) => region + id);
      };
      const exemption = unsupported.find((entry) => entry.clause === number);
      if (exemption) it.skip(`${number}. ${title} (unsupported: ${exemption.reason})`, run);
      else it(`${number}. ${title}`, run);
    };

    clause(1, 'applies only a greater revision and answers per document, in order', async (graph, $) => {
      expect(await graph.apply([template($('b'), { revision: 2 }), template($('a'), { revision: 5 })])).toEqual(['applied', 'applied']);
      const outcomes = await graph.apply([
        template($('a'), { revision: 4, properties: { title: 'old' } }),
        template($('c')),
        template($('b'), { revision: 2, fingerprint: 'other', properties: { title: 'same revision' } }),
      ]);
      expect(outcomes).toEqual(['fenced', 'applied', 'fenced']);
      expect(await graph.node('Template', $('a'))).toEqual({ label: 'Template', id: $('a'), properties: {} });
      expect(await graph.node('Template', $('b'))).toMatchObject({ properties: {} });
      expect(await graph.apply([])).toEqual([]);
    });

    clause(1, 'replaces properties whole and gives them back as written, without null', async (graph, $) => {
      const properties = {
        title: `O'Reilly "简历" \\ $1`,
        usageCount: 5,
        rating: 4.5,
        whole: 1e15,
        free: true,
        tags: ['a,b', '中文'],
        none: [],
        gone: null,
      };
      await graph.apply([template($('a'), { properties: { old: 1 } })]);
      await graph.apply([template($('a'), { revision: 2, properties: { ...properties, id: $('a') } })]);
      const { gone: _, ...kept } = properties;
      expect(await graph.node('Template', $('a'))).toEqual({ label: 'Template', id: $('a'), properties: kept });
    });

    clause(1, 'replaces exactly the edges of the owned types', async (graph, $) => {
      const to = (id: string, weight?: number, properties?: GraphProperties): GraphEdge =>
        edge('SIMILAR_TO', ref('Template', $(id)), weight, properties);
      const belongs = edge('BELONGS_TO', ref('Category', $('x')));
      await graph.apply([
        template($('b')),
        template($('c')),
        template($('x'), { label: 'Category' }),
        template($('a'), { ownedEdges: ['SIMILAR_TO', 'BELONGS_TO'], edges: [to('b'), to('c'), belongs] }),
      ]);
      const similar = async () => await graph.neighbours({ from: ref('Template', $('a')), edge: 'SIMILAR_TO', direction: 'out', limit: 9 });
      await graph.apply([
        template($('a'), { revision: 2, ownedEdges: ['SIMILAR_TO'], edges: [to('c', 0.5, { similarity: 0.5, kind: 'text' })] }),
      ]);
      expect(await similar()).toEqual([
        { node: { label: 'Template', id: $('c'), properties: {} }, weight: 0.5, properties: { similarity: 0.5, kind: 'text' } },
      ]);
      expect(idsOf(await graph.neighbours({ from: ref('Template', $('a')), edge: 'BELONGS_TO', direction: 'out', limit: 9 }))).toEqual([
        $('x'),
      ]);
      await graph.apply([template($('a'), { revision: 1, ownedEdges: ['SIMILAR_TO'], edges: [to('b')] })]);
      expect(idsOf(await similar())).toEqual([$('c')]);
      await graph.apply([template($('a'), { revision: 3, ownedEdges: ['SIMILAR_TO'], edges: [] })]);
      expect(await similar()).toEqual([]);
      expect(idsOf(await graph.neighbours({ from: ref('Category', $('x')), edge: 'BELONGS_TO', direction: 'in', limit: 9 }))).toEqual([
        $('a'),
      ]);
    });

    clause(1, 'with force applies an equal revision with another fingerprint, and no older one', async (graph, $) => {
      await graph.apply(['a', 'b', 'c'].map((id) => template($(id), { revision: 3 })));
      const outcomes = await graph.apply(
        [
          template($('a'), { revision: 3, fingerprint: 'repaired', properties: { repaired: true } }),
          template($('b'), { revision: 3 }),
          template($('c'), { revision: 2, fingerprint: 'repaired' }),
        ],
        { force: true },
      );
      expect(outcomes).toEqual(['applied', 'fenced', 'fenced']);
      expect((await graph.node('Template', $('a')))?.properties).toEqual({ repaired: true });
    });

    clause(1, 'keeps the highest revision of a node that is in a batch more than once', async (graph, $) => {
      const outcomes = await graph.apply([1, 3, 2].map((revision) => template($('a'), { revision, properties: { revision } })));
      expect(outcomes).toEqual(['fenced', 'applied', 'fenced']);
      expect((await graph.node('Template', $('a')))?.properties).toEqual({ revision: 3 });
    });

    clause(1, 'keeps node and edges of the newest of concurrent writers', async (graph, $) => {
      const other = await open();
      const targets = Array.from({ length: 50 }, (_, index) => template($(`t${String(index + 1).padStart(2, '0')}`)));
      await graph.apply(targets);
      const revisions = Array.from({ length: 50 }, (_, index) => ((index * 37) % 50) + 1);
      await Promise.all(
        revisions.map((revision, index) =>
          (index % 2 ? graph : other).apply([
            user($('u'), [targets[revision - 1]?.id ?? '', targets[(revision * 7) % 50]?.id ?? ''], { revision, properties: { revision } }),
          ]),
        ),
      );
      expect((await graph.node('User', $('u')))?.properties).toEqual({ revision: 50 });
      expect(idsOf(await graph.neighbours({ from: ref('User', $('u')), edge: 'USED', direction: 'out', limit: 99 }))).toEqual([
        $('t01'),
        $('t50'),
      ]);
    });

    clause(1, 'takes concurrent batches over the same nodes in different orders without a deadlock', async (graph, $) => {
      const ids = Array.from({ length: 20 }, (_, index) => $(`n${String(index).padStart(2, '0')}`));
      const writes = Array.from({ length: 10 }, (_, round) => {
        const documents = ids.map((id, index) =>
          template(id, {
            revision: round + 1,
            ownedEdges: ['SIMILAR_TO'],
            edges: [3, 5, round].map((distance) => edge('SIMILAR_TO', ref('Template', ids[(index + distance + 1) % 20] ?? ''))),
          }),
        );
        return graph.apply(round % 2 ? documents : documents.toReversed());
      });
      await Promise.all([
        ...writes,
        graph.remove(
          'Template',
          ids.map((id) => ({ id, revision: 5 })),
        ),
      ]);
      const entries = (await graph.scan('Template', { after: $(''), limit: 20 })).map(({ id, revision, deleted }) => ({
        id,
        revision,
        deleted,
      }));
      expect(entries).toEqual(ids.map((id) => ({ id, revision: 10, deleted: false })));
      expect(
        idsOf(await graph.neighbours({ from: ref('Template', ids[0] ?? ''), edge: 'SIMILAR_TO', direction: 'out', limit: 99 })),
      ).toEqual([4, 6, 10].map((index) => ids[index]));
    });

    clause(2, 'hides a node that only edges know, until its own document arrives', async (graph, $) => {
      await graph.apply([user($('u'), [$('later')]), user($('v'), [$('later')])]);
      const used = async () => idsOf(await graph.neighbours({ from: ref('User', $('u')), edge: 'USED', direction: 'out', limit: 9 }));
      const path = async () =>
        await graph.shortestPath({ from: ref('User', $('u')), to: ref('User', $('v')), edges: ['USED'], maxDepth: 4 });
      expect(await used()).toEqual([]);
      expect(await graph.node('Template', $('later'))).toBeNull();
      expect(await graph.neighbours({ from: ref('Template', $('later')), edge: 'USED', direction: 'in', limit: 9 })).toEqual([]);
      expect(await graph.sharedNeighbours({ from: ref('User', $('u')), edge: 'USED', through: 'Template', limit: 9 })).toEqual([]);
      expect(await path()).toBeNull();
      expect(
        await graph.scan('Template', { after: $(''), limit: 1 }).then((entries) => entries.filter(({ id }) => id === $('later'))),
      ).toEqual([]);
      expect(await graph.apply([template($('later'), { revision: 0 })])).toEqual(['applied']);
      expect(await used()).toEqual([$('later')]);
      expect((await path())?.nodes.map(({ id }) => id)).toEqual([$('u'), $('later'), $('v')]);
    });

    clause(3, 'removes a node with the edges it owns and those that point at it, and fences older documents', async (graph, $) => {
      await graph.apply([
        template($('a'), { ownedEdges: ['SIMILAR_TO'], edges: [edge('SIMILAR_TO', ref('Template', $('b')))] }),
        template($('b')),
        user($('u'), [$('a'), $('b')]),
      ]);
      const removals = [
        { id: $('a'), revision: 2 },
        { id: $('b'), revision: 0 },
        { id: $('never'), revision: 7 },
      ];
      expect(await graph.remove('Template', removals)).toEqual(['applied', 'fenced', 'applied']);
      expect(await graph.node('Template', $('a'))).toBeNull();
      expect(idsOf(await graph.neighbours({ from: ref('User', $('u')), edge: 'USED', direction: 'out', limit: 9 }))).toEqual([$('b')]);
      expect(await graph.neighbours({ from: ref('Template', $('b')), edge: 'SIMILAR_TO', direction: 'in', limit: 9 })).toEqual([]);
      expect(await graph.apply([template($('a')), template($('never'), { revision: 6 })])).toEqual(['fenced', 'fenced']);
      expect(await graph.apply([template($('a'), { revision: 3, properties: { back: true } })])).toEqual(['applied']);
      expect((await graph.node('Template', $('a')))?.properties).toEqual({ back: true });
      expect(idsOf(await graph.neighbours({ from: ref('User', $('u')), edge: 'USED', direction: 'out', limit: 9 }))).toEqual([$('b')]);
    });

    clause(3, 'lets a removal win over a live node of its revision, in any order', async (graph, $) => {
      await graph.apply([template($('a'), { revision: 2 })]);
      expect(await graph.remove('Template', [{ id: $('a'), revision: 2 }])).toEqual(['applied']);
      expect(await graph.remove('Template', [{ id: $('a'), revision: 2 }])).toEqual(['fenced']);
      expect(await graph.apply([template($('a'), { revision: 2 })])).toEqual(['fenced']);
    });

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
      expect(answers.map((one) => one.map(({ node }) => node.id))).toEqual(
        [['p', 'q'], [], ['r', 'q'], ['r', 'p']].map((ids) => ids.map($)),
      );
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
      const ids = async (...query: Parameters<typeof path>) =>
        (await path(...query))?.nodes.map(({ id }) => id.slice($('').length)) ?? null;
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

    clause(8, 'scans the nodes of a label in id order, tombstones included, placeholders not', async (graph, $) => {
      await graph.apply([
        template($('c')),
        template($('a'), { revision: 4 }),
        template($('d')),
        { ...template($('b')), label: 'Category' },
        user($('u'), [$('bb')]),
      ]);
      await graph.remove('Template', [{ id: $('b'), revision: 2 }]);
      expect(await graph.scan('Template', { after: $(''), limit: 3 })).toEqual([
        { id: $('a'), revision: 4, fingerprint: `f-${$('a')}`, deleted: false },
        { id: $('b'), revision: 2, fingerprint: '', deleted: true },
        { id: $('c'), revision: 1, fingerprint: `f-${$('c')}`, deleted: false },
      ]);
      expect((await graph.scan('Template', { after: $('c'), limit: 1 })).map(({ id }) => id)).toEqual([$('d')]);
      expect(await graph.health()).toMatchObject({ name: 'graph', ok: true });
    });

    clause(9, 'rejects every call after close', async (graph, $) => {
      await graph.close();
      await graph.close();
      const from = ref('Template', $('a'));
      const closed = { kind: 'unavailable' };
      await expect(graph.apply([template($('a'))])).rejects.toMatchObject(closed);
      await expect(graph.remove('Template', [])).rejects.toMatchObject(closed);
      await expect(graph.node('Template', 'a')).rejects.toMatchObject(closed);
      await expect(graph.neighbours({ from, edge: 'USED', direction: 'out', limit: 1 })).rejects.toMatchObject(closed);
      await expect(graph.sharedNeighbours({ from, edge: 'USED', through: 'User', limit: 1 })).rejects.toMatchObject(closed);
      await expect(graph.shortestPath({ from, to: from, edges: ['USED'], maxDepth: 1 })).rejects.toMatchObject(closed);
      await expect(graph.scan('Template', { limit: 1 })).rejects.toMatchObject(closed);
      expect(await graph.health()).toMatchObject({ ok: false });
    });
  });
}
