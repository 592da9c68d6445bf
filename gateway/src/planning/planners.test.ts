import { createApolloPlanner } from './apollo-planner.js';
import { createHivePlanner } from './hive-planner.js';
import type { IsolatedPlanner } from './isolated-planner.js';
import { createStepwisePlanner } from './stepwise-planner.js';
import { compose, fetches, keyed, noOverride, outline, planned, representations } from './planners.fixture.js';

interface Case {
  readonly title: string;
  readonly query: string;
  readonly hive: string;
  readonly apollo: string;
  readonly stepwise: string;
  /** By the stepwise planner each requirement is told by itself. */
  readonly toldApart?: readonly string[];
  readonly told: readonly string[];
}

const users = compose({
  a: `type Query { me: User us: [[User!]!] }
      type User @key(fields: "id") { id: ID! name: String! @shareable }`,
  b: `type Query { z: Int }
      type User @key(fields: "id") { id: ID! age: Int name: String! @external nick: String @requires(fields: "name") }`,
});

const products = compose({
  a: `type Query { p: Product r: Review rs: [Review!] }
      type Product @key(fields: "id") { id: ID! price(cur: String!): Int dims: Dims }
      type Dims { h(u: String): Int }
      type Review { by: User @provides(fields: "name") }
      type User @key(fields: "id") { id: ID! name: String @external }`,
  b: `type Query { z: Int }
      type Product @key(fields: "id") {
        id: ID!
        price(cur: String!): Int @external
        dims: Dims @external
        ship: Int @requires(fields: "price(cur: \\"EUR\\")")
        box: Int @requires(fields: "dims { h(u: \\"cm\\") }")
      }
      type Dims { h(u: String): Int @external }
      type User @key(fields: "id") { id: ID! name: String @shareable age: Int }`,
});

const abstract = compose({
  a: `type Query { ms: [Media] things: [Thing] }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String }
      type Film implements Media @key(fields: "id") { id: ID! title: String len: Int }
      union Thing = C | D
      interface Owned { owner: P }
      type C implements Owned @key(fields: "id") { id: ID! owner: P }
      type D implements Owned @key(fields: "id") { id: ID! owner: P }
      type P @key(fields: "id") { id: ID! }`,
  b: `type Query { top: Media }
      type Media @key(fields: "id") @interfaceObject { id: ID! rating: Int }
      type C @key(fields: "id") { id: ID! v(x: Int): Int }
      type D @key(fields: "id") { id: ID! w(x: Int): Int }
      type P @key(fields: "id") { id: ID! v(x: Int): Int }`,
});

const mutations = compose({
  a: 'type Query { u: U } type Mutation { doA: U } type U @key(fields: "id") { id: ID! }',
  b: 'type Query { z: Int } type Mutation { doB: U doC: U } type U @key(fields: "id") { id: ID! age: Int }',
});

const cases: readonly (readonly [supergraph: string, readonly Case[]])[] = [
  [
    users,
    [
      {
        title: '@requires',
        query: '{ me { id age nick } z }',
        hive: '[{a b} b(me)]',
        apollo: '{[a b(me)] b}',
        stepwise: '[{a b} b(me me)]',
        toldApart: ['b: User { id name }', 'b: User { id }'],
        told: ['b: User { id name }'],
      },
      // Hive writes one `@` for lists within lists.
      {
        title: 'nested lists',
        query: '{ us { age } }',
        hive: '[a b(us.@)]',
        apollo: '[a b(us.@.@)]',
        stepwise: '[a b(us.@.@)]',
        told: ['b: User { id }'],
      },
      {
        title: '@skip on a whole fetch',
        query: 'query ($s: Boolean!) { me { name age @skip(if: $s) } }',
        hive: '[a if s (-) else (b(me))]',
        apollo: '[a if s (-) else (b(me))]',
        stepwise: '[a if s (-) else (b(me))]',
        told: ['b: User { id }'],
      },
      {
        title: '@include on a whole fetch',
        query: 'query ($s: Boolean!) { me { name ... @include(if: $s) { age nick } } }',
        hive: '[a if s (b(me.<User>)) else (-)]',
        apollo: '[a if s (b(me)) else (-)]',
        stepwise: '[a if s (b(me me)) else (-)]',
        toldApart: ['b: User { id name }', 'b: User { id }'],
        told: ['b: User { id name }'],
      },
      {
        title: 'one entity type at two places',
        query: '{ x: me { age } y: me { age } }',
        hive: '[a b(x y)]',
        apollo: '[a {b(x) b(y)}]',
        stepwise: '[a b(x y)]',
        told: ['b: User { id }'],
      },
      {
        title: 'an alias that is a required field',
        query: '{ me { name: id nick } }',
        hive: '[a b(me)]',
        apollo: '[a b(me)]',
        stepwise: '[a b(me)]',
        told: ['b: User { id name }'],
      },
      { title: 'nothing but the type of the root', query: '{ __typename t: __typename }', hive: '-', apollo: '-', stepwise: '-', told: [] },
    ],
  ],
  [
    products,
    [
      {
        title: '@requires with arguments',
        query: '{ p { price(cur: "CHF") ship } }',
        hive: '[a b(p)]',
        apollo: '[a b(p)]',
        stepwise: '[a b(p)]',
        told: ['b: Product { id price }'],
      },
      {
        // Without keys of its own this operation ends the process of Hive's planner.
        title: '@requires with arguments inside an object',
        query: '{ p { box dims { h(u: "in") } } }',
        hive: '[a b(p)]',
        apollo: '[a b(p)]',
        stepwise: '[a b(p)]',
        told: ['b: Product { dims { h } id }'],
      },
      { title: '@provides', query: '{ r { by { name } } }', hive: 'a', apollo: 'a', stepwise: 'a', told: [] },
      {
        title: '@provides with more',
        query: '{ rs { by { name age } } }',
        hive: '[a b(rs.@.by)]',
        apollo: '[a b(rs.@.by)]',
        stepwise: '[a b(rs.@.by)]',
        told: ['b: User { id }'],
      },
    ],
  ],
  [
    abstract,
    [
      {
        title: '@interfaceObject, both ways',
        query: '{ ms { rating } top { ... on Film { len } } }',
        hive: '[{a b} {a(top) b(ms.@)}]',
        apollo: '{[a b(ms.@)] [b a(top)]}',
        stepwise: '[{a b} {a(top) b(ms.@)} a(top.<Film>)]',
        toldApart: ['a: Film { id }', 'a: Media { id }', 'b: Media { id }'],
        told: ['a: Media { id }', 'b: Media { id }'],
      },
      {
        title: 'a union, one key for two fields',
        query: '{ things { ... on C { k: v(x: 1) } ... on D { k: w(x: 2) } } }',
        hive: '[a b(things.@)]',
        apollo: '[a b(things.@)]',
        stepwise: '[a b(things.@.<C> things.@.<D>)]',
        told: ['b: C { id }', 'b: D { id }'],
      },
    ],
  ],
  [
    mutations,
    [
      {
        title: 'mutations, each to its end before the next',
        query: 'mutation { x: doA { age } ...F w: doA { age } } fragment F on Mutation { y: doB { id } }',
        hive: '[[a! b(x)] b! [a! b(w)]]',
        apollo: '[a! b(x) b! a! b(w)]',
        stepwise: '[[a! b(x)] b! [a! b(w)]]',
        told: ['b: U { id }'],
      },
      {
        title: 'mutations of one subgraph',
        query: 'mutation { y: doB { age } z: doC { age } }',
        hive: 'b!',
        apollo: 'b!',
        stepwise: '[b! b!]',
        told: [],
      },
    ],
  ],
];

describe.each([
  ['hive', createHivePlanner],
  ['apollo', createApolloPlanner],
  ['stepwise', createStepwisePlanner],
] as const)('%s', (name, create) => {
  const planners = new Map<string, IsolatedPlanner>();
  const plannerOf = (supergraph: string): IsolatedPlanner => {
    const planner = planners.get(supergraph) ?? create(supergraph);
    planners.set(supergraph, planner);
    return planner;
  };
  afterAll(() => Promise.all([...planners.values()].map((planner) => planner[Symbol.asyncDispose]())));

  it.each(cases.flatMap(([supergraph, list]) => list.map((each) => [each.title, supergraph, each] as const)))(
    'plans %s',
    async (_, supergraph, expected) => {
      const plan = await plannerOf(supergraph).plan(keyed(expected.query, supergraph), noOverride);
      expect(outline(plan)).toBe(expected[name]);
      expect(representations(plan)).toEqual((name === 'stepwise' ? expected.toldApart : undefined) ?? expected.told);
    },
  );

  it('asks for both values of a field with different arguments at one place', async () => {
    const query = '{ things { ... on C { owner { v(x: 1) } } ... on D { owner { v(x: 2) } } } }';
    const plan = await plannerOf(abstract).plan(keyed(query, abstract), noOverride);
    const asked = fetches(plan).map(({ operation }) => operation.replaceAll(/\s/g, ''));
    expect(asked.at(-1)).toContain('_k0_v:v(x:1)');
    expect(asked.at(-1)).toContain('_k1_v:v(x:2)');
  });

  it('fetches an entity by its key even where an alias has the name of the key', async () => {
    const plan = await plannerOf(users).plan(keyed('{ me { id: name age } }', users), noOverride);
    const [root, entity] = fetches(plan);
    expect(root?.operation.replaceAll(/\s/g, '')).toMatch(/^\{me\{__typename(?:_k0_id:nameid|id_k0_id:name)\}\}$/);
    expect(entity?.batches?.[0]?.requires).toEqual([
      {
        kind: 'fragment',
        onType: 'User',
        selections: [
          { kind: 'field', readFrom: ['__typename'], writeTo: '__typename', selections: undefined },
          { kind: 'field', readFrom: ['id'], writeTo: 'id', selections: undefined },
        ],
      },
    ]);
  });

  it('gives interface objects the name their subgraph knows', async () => {
    const plan = await plannerOf(abstract).plan(planned('{ ms { rating } }'), noOverride);
    expect(fetches(plan).at(-1)?.batches?.[0]?.inputRewrites).toEqual([
      { kind: 'set', path: [{ types: ['Media'] }, '__typename'], value: 'Media' },
    ]);
  });

  it('lists the variables each fetch uses', async () => {
    const plan = await plannerOf(products).plan(planned('query ($c: String!) { p { price(cur: $c) } z }'), noOverride);
    expect(Object.fromEntries(fetches(plan).map(({ subgraph, variables }) => [subgraph, variables]))).toEqual({ a: ['c'], b: [] });
  });

  it('follows the override choice', async () => {
    const supergraph = compose({
      a: 'type Query { p: P } type P @key(fields: "id") { id: ID! x: Int y: Int }',
      b: `type Query { z: Int }
          type P @key(fields: "id") { id: ID! x: Int @override(from: "a", label: "percent(33.3)") y: Int @override(from: "a", label: "beta") }`,
    });
    const planner = plannerOf(supergraph);
    expect(planner).toMatchObject({ overrideLabels: ['beta'], overridePercentages: [33.3] });
    const outlineFor = async (percentage: number, ...labels: string[]): Promise<string> =>
      outline(await planner.plan(planned('{ p { x y } }'), { percentage, activeLabels: new Set(labels) }));
    expect(await outlineFor(60)).toBe('a');
    expect(await outlineFor(10)).toBe('[a b(p)]');
    expect(await outlineFor(60, 'beta')).toBe('[a b(p)]');
  });

  it('fetches root fields that are wanted inside the answer, and says where they go', async () => {
    const supergraph = compose({
      a: 'type Query { me: User } type User @key(fields: "id") { id: ID! query: Query! }',
      b: 'type Query { s: Int }',
    });
    expect(await plannerOf(supergraph).plan(planned('{ me { query { s } } }'), noOverride)).toMatchObject({
      kind: 'sequence',
      nodes: [{ subgraph: 'a' }, { subgraph: 'b', mergeAt: ['me', 'query'] }],
    });
  });
});
