import { expect } from '@jest/globals';
import { expectOneWinner, expectTheRule, type OrderedStore } from '../vectors/order.contract.js';
import { edge, idsOf, ref, template, user, type GraphSuite } from './contract.fixture.js';
import type { GraphEdge, GraphProperties, GraphStore } from './port.js';

/** Clauses 1 to 3: which writes are taken, and what they leave. */
export function describeWrites({ open, clause }: GraphSuite): void {
  clause(1, 'applies what is ahead and answers per document, in order', async (graph, $) => {
    const first = [template($('b'), { revision: 2, fence: 3 }), template($('a'), { revision: 5 })];
    expect(await graph.apply(first)).toEqual(['applied', 'applied']);
    const outcomes = await graph.apply([
      template($('a'), { revision: 4, fence: 9, properties: { title: 'old' } }),
      template($('c')),
      template($('b'), { revision: 2, fence: 2, properties: { title: 'of a claim that was taken over' } }),
    ]);
    expect(outcomes).toEqual(['fenced', 'applied', 'fenced']);
    expect(await graph.node('Template', $('a'))).toEqual({ label: 'Template', id: $('a'), properties: {} });
    expect(await graph.node('Template', $('b'))).toMatchObject({ properties: {} });
    expect(await graph.apply([template($('b'), { revision: 2, fence: 4, properties: { later: true } })])).toEqual(['applied']);
    expect((await graph.node('Template', $('b')))?.properties).toEqual({ later: true });
    expect(await graph.apply([])).toEqual([]);
  });

  // Prevents: a zombie that writes what it derived before the content changed and changed back, since the fence stayed where it was.
  clause(1, 'writes order alone where the content is the same, and raises the fence with it', async (graph, $) => {
    const document = template($('a'), { fence: 1, fingerprint: 'same', properties: { is: 'first' } });
    await graph.apply([document]);
    const again = { ...document, properties: { is: 'not written' } };
    expect(await graph.apply([again])).toEqual(['fenced']);
    expect(await graph.apply([{ ...again, fence: 3 }])).toEqual(['applied']);
    expect(await graph.apply([{ ...again, fence: 2, fingerprint: 'zombie' }])).toEqual(['fenced']);
    expect(await graph.apply([{ ...again, revision: 2 }])).toEqual(['applied']);
    expect(await graph.entries('Template', [$('a')])).toMatchObject([{ revision: 2, fence: 1 }]);
    expect((await graph.node('Template', $('a')))?.properties).toEqual({ is: 'first' });
    await graph.remove('Template', [{ id: $('a'), revision: 3 }]);
    expect(await graph.apply([{ ...document, revision: 4 }])).toEqual(['applied']);
    expect((await graph.node('Template', $('a')))?.properties).toEqual({ is: 'first' });
  });

  clause(1, 'writes what replaces whole, exactly where that is stored', async (graph, $) => {
    await graph.apply([template($('a'), { revision: 9, fence: 4, fingerprint: 'same' }), template($('b'), { revision: 2 })]);
    await graph.remove('Template', [{ id: $('b'), revision: 7, fence: 1 }]);
    await graph.apply([user($('u'), [$('c')])]);
    const repair = (id: string, revision: number, fence: number) =>
      user($(id), [$('d')], {
        label: 'Template',
        revision: 3,
        fence: 6,
        fingerprint: 'same',
        properties: { repaired: true },
        replaces: { revision, fence },
      });
    const fenced = [repair('a', 9, 3), repair('b', 7, 2), repair('c', 0, 0), repair('never', 0, 0)];
    expect(await graph.apply(fenced)).toEqual(['fenced', 'fenced', 'fenced', 'fenced']);
    expect(await graph.apply([template($('d')), repair('a', 9, 4), repair('b', 7, 1)])).toEqual(['applied', 'applied', 'applied']);
    for (const id of ['a', 'b']) {
      expect((await graph.node('Template', $(id)))?.properties).toEqual({ repaired: true });
      const used = await graph.neighbours({ from: ref('Template', $(id)), edge: 'USED', direction: 'out', limit: 9 });
      expect(idsOf(used)).toEqual([$('d')]);
    }
    expect(await graph.remove('Template', [{ id: $('a'), revision: 2, replaces: { revision: 3, fence: 6 } }])).toEqual(['applied']);
    const entries = await graph.entries('Template', ['a', 'c', 'never'].map($));
    expect(entries).toEqual([{ id: $('a'), revision: 2, fence: 0, fingerprint: '', deleted: true }, null, null]);
  });

  clause(1, 'takes the writes that the rule takes, one after the other and all at once', async (graph, $) => {
    const handles = [graph, await open()].map(orderedStore);
    await expectTheRule(handles[0] as OrderedStore, ['a', 'b', 'c'].map($), 120);
    await expectOneWinner(handles, ['x', 'y', 'z'].map($));
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
    expect(idsOf(await graph.neighbours({ from: ref('Template', ids[0] ?? ''), edge: 'SIMILAR_TO', direction: 'out', limit: 99 }))).toEqual(
      [4, 6, 10].map((index) => ids[index]),
    );
  });

  clause(2, 'hides a node that only edges know, until its own document arrives', async (graph, $) => {
    await graph.apply([user($('u'), [$('later')]), user($('v'), [$('later')])]);
    const used = async () => idsOf(await graph.neighbours({ from: ref('User', $('u')), edge: 'USED', direction: 'out', limit: 9 }));
    const path = async () => await graph.shortestPath({ from: ref('User', $('u')), to: ref('User', $('v')), edges: ['USED'], maxDepth: 4 });
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

  clause(
    3,
    'removes a node with the edges that start at it, hides those that point at it, and fences older documents',
    async (graph, $) => {
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
      const used = async () => idsOf(await graph.neighbours({ from: ref('User', $('u')), edge: 'USED', direction: 'out', limit: 9 }));
      expect(await graph.remove('Template', removals)).toEqual(['applied', 'fenced', 'applied']);
      expect(await graph.node('Template', $('a'))).toBeNull();
      expect(await used()).toEqual([$('b')]);
      expect(await graph.neighbours({ from: ref('Template', $('b')), edge: 'SIMILAR_TO', direction: 'in', limit: 9 })).toEqual([]);
      expect(await graph.apply([template($('a')), template($('never'), { revision: 6 })])).toEqual(['fenced', 'fenced']);
      expect(await graph.apply([template($('a'), { revision: 3, properties: { back: true } })])).toEqual(['applied']);
      expect((await graph.node('Template', $('a')))?.properties).toEqual({ back: true });
      // The edge is part of the user's document, which nobody changed: whether it was written before the removal or after is no difference.
      expect(await used()).toEqual([$('a'), $('b')]);
      expect(await graph.neighbours({ from: ref('Template', $('b')), edge: 'SIMILAR_TO', direction: 'in', limit: 9 })).toEqual([]);
    },
  );

  clause(3, 'lets a removal win over a live node of its revision, in any order', async (graph, $) => {
    await graph.apply([template($('a'), { revision: 2 })]);
    expect(await graph.remove('Template', [{ id: $('a'), revision: 2 }])).toEqual(['applied']);
    expect(await graph.remove('Template', [{ id: $('a'), revision: 2 }])).toEqual(['fenced']);
    expect(await graph.apply([template($('a'), { revision: 2 })])).toEqual(['fenced']);
  });
}

const orderedStore = (graph: GraphStore): OrderedStore => ({
  write: async ({ deleted, ...write }) =>
    (deleted ? await graph.remove('Template', [write]) : await graph.apply([template(write.id, write)]))[0] as 'applied' | 'fenced',
  entries: (ids) => graph.entries('Template', ids),
});
