import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';
import type { EntityBatch, FetchNode, PlanNode, PlanPath, Requirement } from './plan.js';
import { compose, planned } from './planners.fixture.js';
import { verifyPlan } from './verify-plan.js';

const schemaOf = (sdl: string): GraphQLSchema => buildASTSchema(parse(sdl), { assumeValid: true });

const shop = schemaOf(
  compose({
    a: `type Query { me: User pick: Item owned: [Owned] favourite: User @provides(fields: "name") }
      type Mutation { touch: User }
      union Item = User | Book
      interface Owned { id: ID! owner: User }
      type User @key(fields: "id") { id: ID! name: String! @external age: Int @external status: String @requires(fields: "age") }
      type Book implements Owned @key(fields: "id") { id: ID! owner: User price(currency: String): Int }
      type Pen implements Owned @key(fields: "id") { id: ID! owner: User }`,
    b: `type Query { again: Int item: Item }
      union Item = User | Pen
      type User @key(fields: "id") { id: ID! name: String! @shareable age: Int }
      type Book @key(fields: "id") {
        id: ID! price(currency: String): Int @external tax: Int @requires(fields: "price(currency: \\"EUR\\")")
      }
      type Pen @key(fields: "id") { id: ID! ink: String }`,
  }),
);

const media = schemaOf(
  compose({
    a: `type Query { all: [Media] }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
      type Song implements Media @key(fields: "id") { id: ID! title: String }`,
    b: 'type Query { shelved: [Media] } type Media @interfaceObject @key(fields: "id") { id: ID! shelf: String }',
  }),
);

const rootFetch = (subgraph: string, operation: string, rest: Partial<FetchNode> = {}): FetchNode => ({
  kind: 'fetch',
  subgraph,
  operation,
  operationName: undefined,
  operationKind: 'query',
  variables: [],
  batches: undefined,
  outputRewrites: [],
  ...rest,
});

const entityFetch = (
  subgraph: string,
  paths: readonly PlanPath[],
  requires: readonly Requirement[],
  selections: string,
  rest: Partial<EntityBatch> = {},
): FetchNode =>
  rootFetch(subgraph, `query($representations:[_Any!]!){_entities(representations:$representations){${selections}}}`, {
    batches: [
      { alias: '_entities', representationsVariable: 'representations', paths, requires, inputRewrites: [], outputRewrites: [], ...rest },
    ],
  });

const field = (name: string, readFrom = [name]): Requirement => ({ kind: 'field', readFrom, writeTo: name, selections: undefined });
const byKey = (onType: string, ...names: readonly string[]): Requirement => ({
  kind: 'fragment',
  onType,
  selections: ['__typename', 'id', ...names].map((name) => field(name)),
});
const inOrder = (...nodes: readonly PlanNode[]): PlanNode => ({ kind: 'sequence', nodes });

const verify = (supergraph: GraphQLSchema, query: string, plan: PlanNode | undefined): string | undefined =>
  verifyPlan({ plan, operation: planned(query), supergraph });

describe('verifyPlan', () => {
  it('finds nothing wrong where each field is fetched', () => {
    const plan = inOrder(
      rootFetch('a', '{me{__typename id}}'),
      entityFetch('b', [['me']], [byKey('User')], '...F}}fragment F on User{name age ...on User{age'),
    );
    expect(verify(shop, '{ me { id name ...F } } fragment F on User { age }', plan)).toBeUndefined();
    expect(verify(shop, '{ __typename }', undefined)).toBeUndefined();
  });

  it.each([
    ['a field', '{ me { id name } }', rootFetch('a', '{me{id}}'), 'nothing brings .me.name of User'],
    ['a root field', '{ me { id } again }', rootFetch('a', '{me{id}}'), 'nothing brings .again of Query'],
    [
      'a field of one type',
      '{ owned { owner { id } } }',
      rootFetch('a', '{owned{__typename ...on Pen{owner{id}}}}'),
      'nothing brings .owned.owner of Book',
    ],
    ['the type name', '{ pick { __typename } }', rootFetch('a', '{pick{...on User{id}}}'), 'nothing brings .pick.__typename of User'],
    [
      'what tells the types apart',
      '{ pick { ... on User { id } ... on Book { id } } }',
      rootFetch('a', '{pick{...on User{id} ...on Book{id}}}'),
      '.pick: nothing tells which objects are User',
    ],
  ])('misses %s that nothing brings', (_title, query, plan, problem) => {
    expect(verify(shop, query, plan)).toBe(problem);
  });

  it('asks fields only of types the subgraph can answer', () => {
    const plan = inOrder(
      rootFetch('b', '{item{__typename ...on Pen{id ink}}}'),
      entityFetch('a', [['item', { types: ['Pen'] }]], [byKey('Pen')], '...on Pen{owner{id}}'),
    );
    expect(verify(shop, '{ item { ... on Pen { ink owner { id } } ... on Book { price } } }', plan)).toBeUndefined();
  });

  it('counts fields under conditions as fetched, and needs none that a condition excludes for good', () => {
    const plan: PlanNode = {
      kind: 'condition',
      variable: 'x',
      whenTrue: rootFetch('a', 'query($x:Boolean!){me@include(if:$x){id}}'),
      whenFalse: undefined,
    };
    expect(verify(shop, 'query($x: Boolean!) { me @include(if: $x) { id name @skip(if: true) } again @include(if: false) }', plan)).toBe(
      undefined,
    );
  });

  it('accepts fields where they are provided, and nowhere else', () => {
    expect(verify(shop, '{ favourite { name } }', rootFetch('a', '{favourite{name}}'))).toBeUndefined();
    expect(verify(shop, '{ me { name } }', rootFetch('a', '{me{name}}'))).toBe('a resolves User.name on other paths only');
  });

  it('misses the subgraph a field is in', () => {
    expect(verify(shop, '{ me { id } again }', rootFetch('a', '{me{id} again}'))).toBe('a does not have Query.again');
    expect(verify(shop, '{ owned { id } }', rootFetch('b', '{owned{id}}'))).toBe('b does not have Query.owned');
    expect(verify(shop, '{ me { id } }', rootFetch('z', '{me{id}}'))).toContain('z cannot be asked');
  });

  it('misses what a field requires', () => {
    const me = rootFetch('a', '{me{__typename id}}');
    const age = entityFetch('b', [['me']], [byKey('User')], '...on User{age}');
    const status = entityFetch('a', [['me']], [byKey('User', 'age')], '...on User{status}');
    expect(verify(shop, '{ me { status } }', inOrder(me, age, status))).toBeUndefined();
    expect(verify(shop, '{ me { status } }', inOrder(me, status))).toBe(
      'nothing brings .me.status of User; a: age of User is not there when it is needed',
    );
    expect(verify(shop, '{ me { status } }', inOrder(me, age, entityFetch('a', [['me']], [byKey('User')], '...on User{status}')))).toBe(
      'nothing brings .me.status of User; a: User.status requires age, which is not sent',
    );
    expect(verify(shop, '{ me { status } }', rootFetch('a', '{me{status}}'))).toBe('a is not told what User.status requires');
  });

  it('misses that a required value was fetched with other arguments', () => {
    const tax = (key: string): PlanNode =>
      entityFetch(
        'b',
        [['owned', '@', { types: ['Book'] }]],
        [{ kind: 'fragment', onType: 'Book', selections: [field('__typename'), field('id'), field('price', [key])] }],
        '...on Book{tax}',
      );
    const query = '{ owned { ... on Book { tax } } }';
    const owned = rootFetch('a', '{owned{__typename ...on Book{id price(currency:"USD") p:price(currency:"EUR")}}}');
    expect(verify(shop, query, inOrder(owned, tax('p')))).toBeUndefined();
    expect(verify(shop, query, inOrder(owned, tax('price')))).toContain(
      'Book.tax requires price(currency:"EUR"), for which price(currency:"USD") is sent',
    );
  });

  it('misses that one key holds values of different fields', () => {
    const owned = rootFetch('a', '{owned{__typename ...on Book{price price(currency:"EUR")}}}');
    expect(verify(shop, '{ owned { ... on Book { price } } }', owned)).toBe('.owned.price of Book may hold price(currency:"EUR")');
    const me = rootFetch('a', '{me{owner:id}}');
    expect(verify(shop, '{ me { owner: id } }', me)).toBeUndefined();
    expect(verify(shop, '{ me { owner: __typename id: id } }', rootFetch('a', '{me{id:__typename}}'))).toBe(
      '.me.id of User may hold __typename',
    );
  });

  it('knows the objects behind an interface object', () => {
    const root = rootFetch('b', '{shelved{__typename id}}');
    const types = entityFetch('a', [['shelved', '@']], [byKey('Media')], '...on Media{__typename ...on Book{pages}}', {
      inputRewrites: [{ kind: 'set', path: [{ types: ['Media'] }, '__typename'], value: 'Media' }],
    });
    const shelf = (...names: readonly string[]): PlanNode =>
      entityFetch(
        'b',
        [['shelved', '@']],
        names.map((name) => byKey(name)),
        '...on Media{shelf}',
        { inputRewrites: [{ kind: 'set', path: ['__typename'], value: 'Media' }] },
      );
    const query = '{ shelved { ... on Song { shelf } ... on Book { shelf pages } } }';
    expect(verify(media, query, inOrder(root, types, shelf('Song', 'Book')))).toBeUndefined();
    expect(verify(media, query, inOrder(root, types, shelf('Media')))).toBeUndefined();
    expect(verify(media, query, inOrder(root, types, shelf('Book')))).toBe('nothing brings .shelved.shelf of Song');
    expect(verify(media, '{ shelved { __typename } }', root)).toBe('nothing brings .shelved.__typename of Book');
    expect(verify(media, '{ shelved { shelf } }', rootFetch('b', '{shelved{shelf}}'))).toBeUndefined();
    expect(verify(media, '{ shelved { title } }', rootFetch('b', '{shelved{title}}'))).toBe('b does not have Media.title');
  });

  it('refuses representations a subgraph can make nothing of', () => {
    const root = rootFetch('b', '{shelved{__typename id}}');
    const types = entityFetch('a', [['shelved', '@']], [byKey('Media')], '...on Media{__typename}');
    const query = '{ shelved { __typename shelf } }';
    const shelf = (requires: Requirement): PlanNode => entityFetch('b', [['shelved', '@']], [requires], '...on Media{shelf}');
    expect(verify(media, query, inOrder(root, types, shelf(byKey('Book'))))).toBe('b is told of Book, which it does not have');
    const noKey: Requirement = { kind: 'fragment', onType: 'Book', selections: [field('__typename')] };
    const asMedia = { inputRewrites: [{ kind: 'set', path: ['__typename'], value: 'Media' } as const] };
    const untold = entityFetch('b', [['shelved', '@']], [noKey], '...on Media{shelf}', asMedia);
    expect(verify(media, query, inOrder(root, types, untold))).toBe('b is not told a whole key of Media');
  });

  it('refuses fields of different types under one key, which servers that validate refuse', () => {
    const sold = schemaOf(
      compose({
        a: `type Query { sold: [Sold] } union Sold = Pen | Box type Pen @key(fields: "id") { id: ID! } type Box @key(fields: "id") { id: ID! }`,
        b: `type Pen @key(fields: "id") { id: ID! name: String! sizes: [Int] part: Part } type Part { code: Int label: String }
          type Box @key(fields: "id") { id: ID! name: String sizes: [Int!] part: Lid } type Lid { code: Int! label: String }`,
      }),
    );
    const root = rootFetch('a', '{sold{__typename ...on Pen{id} ...on Box{id}}}');
    const both = [byKey('Pen'), byKey('Box')];
    const plan = (selections: string): PlanNode => inOrder(root, entityFetch('b', [['sold', '@']], both, selections));
    const refused = (key: string, path = key): string => `b refuses ${path} under the key ${key}: their types differ`;
    const query = (selection: string): string => `{ sold { ... on Pen { ${selection} } ... on Box { ${selection} } } }`;
    const selected = (selection: string): string => `...on Pen{${selection}} ...on Box{${selection}}`;
    expect(verify(sold, query('name'), plan(selected('name')))).toBe(refused('name', 'Pen.name and Box.name'));
    expect(verify(sold, query('sizes'), plan(selected('sizes')))).toBe(refused('sizes', 'Pen.sizes and Box.sizes'));
    expect(verify(sold, query('part { code }'), plan(selected('part{code}')))).toBe(refused('code', 'Part.code and Lid.code'));
    expect(verify(sold, query('part { label }'), plan(selected('part{label}')))).toBeUndefined();
  });

  it('applies renames and merges root fetches where they belong', () => {
    const renamed = rootFetch('a', '{owned{__typename ...on Book{p:price(currency:"EUR")}}}', {
      outputRewrites: [{ kind: 'rename', path: ['owned', { types: ['Book'] }, 'p'], to: 'price' }],
    });
    expect(verify(shop, '{ owned { ... on Book { price(currency: "EUR") } } }', renamed)).toBeUndefined();
    expect(verify(shop, '{ owned { ... on Book { p: price(currency: "EUR") } } }', renamed)).toBe('nothing brings .owned.p of Book');

    const nested = schemaOf(compose({ a: 'type Query { q: Query x: Int }', b: 'type Query { y: Int }' }));
    const plan = (mergeAt: PlanPath): PlanNode => inOrder(rootFetch('a', '{q{__typename x}}'), rootFetch('b', '{y}', { mergeAt }));
    expect(verify(nested, '{ q { x y } }', plan(['q']))).toBeUndefined();
    expect(verify(nested, '{ q { x y } }', plan([]))).toBe('nothing brings .q.y of Query');
  });

  it('starts from the root of the operation', () => {
    const plan = (operationKind: 'query' | 'mutation'): PlanNode => rootFetch('a', 'mutation{touch{id}}', { operationKind });
    expect(verify(shop, 'mutation { touch { id } }', plan('mutation'))).toBeUndefined();
    expect(verify(shop, 'mutation { touch { id } }', plan('query'))).toBe('a does not have Query.touch');
  });

  it('gives up on types that multiply beyond reason', () => {
    const names = Array.from({ length: 40 }, (_, index) => `T${index}`);
    const many = schemaOf(
      compose({
        a: `type Query { n: N } interface N { n: N x: Int y: Int } ${names.map((name) => `type ${name} implements N { n: N x: Int y: Int }`).join('\n')}`,
      }),
    );
    const wrong = (depth: number): string | undefined => {
      const nest = (leaf: string): string => `${'{ n '.repeat(depth)}{ ${leaf} }${' }'.repeat(depth)}`;
      return verify(many, nest('x y'), rootFetch('a', nest('x')));
    };
    expect(wrong(2)).toContain('nothing brings');
    expect(wrong(9)).toBeUndefined();
  });
});
