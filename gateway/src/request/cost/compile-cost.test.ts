import { buildSchema, Kind, parse, type OperationDefinitionNode } from 'graphql';
import { fragmentsOf } from '../../execution/answer/selected-fields.js';
import { compileCost, type OperationCost } from './compile-cost.js';
import { readCostSchema } from './cost-schema.js';
import { HIGHEST_COST } from './term.js';

const DIRECTIVES = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION`;
const SDL = `
  type Query {
    name: String
    user: User
    users(first: Int = 6, last: Int): [User!]!
    all: [User!]!
    matrix: [[User!]!]!
    page(first: Int, after: String): UserPage!
    search(filter: Filter, text: String): [Thing!]!
    node: Node
    thing: Thing
    assumed: [User!]! @listSize(assumedSize: 3)
    sliced(limit: Int, input: Slice): [User!]! @listSize(assumedSize: 4, slicingArguments: ["limit", "input.max"], requireOneSlicingArgument: false)
    exactly(a: Int, b: Int): [User!]! @listSize(slicingArguments: ["a", "b"])
    cursor(first: Int): Cursor! @listSize(slicingArguments: ["first"], sizedFields: ["items"], requireOneSlicingArgument: false)
    dear: User @cost(weight: 50)
    report: Report
    sensor: Sensor
    argued(dear: Int @cost(weight: 7)): Int
  }
  type Mutation { rename(name: String): User touch: Boolean }
  type User implements Node { id: ID! name: String friends(first: Int): [User!]! best: User costly: String @cost(weight: 5) }
  type Report @cost(weight: 20) { id: ID! lines: [String!]! }
  scalar Sensor @cost(weight: 9)
  type UserPage { edges: [UserEdge!]! nodes: [User!]! total: Int }
  type UserEdge { node: User! }
  type Cursor { items: [User!]! others: [User!]! }
  input Filter { name: String sort: Sort tags: [Tag!] }
  input Sort { by: String @cost(weight: 3) }
  input Tag @cost(weight: 0) { id: ID! }
  input Slice { max: Int }
  interface Node { id: ID! name: String }
  union Thing = User | Report`;

const schema = buildSchema(`${DIRECTIVES} ${SDL.replace('input Tag @cost(weight: 0)', 'input Tag')}`);
const costs = readCostSchema(schema);
const lists = { defaultListSize: 10, listArguments: ['first', 'last', 'limit'] };

function compile(source: string): OperationCost {
  const document = parse(source);
  const operation = document.definitions.find((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION)!;
  return compileCost({ operation, fragments: fragmentsOf(document) }, { schema, costs, lists });
}
const cost = (source: string, variables: Record<string, unknown> = {}): number => compile(source).estimate(variables);

describe('weights', () => {
  it.each([
    ['leaves cost nothing', '{ name }', 0],
    ['an object costs 1', '{ user { id name } }', 1],
    ['objects in objects', '{ user { best { best { id } } } }', 3],
    ['a mutation costs 10 beside', 'mutation { rename { id } touch }', 11],
    ['@cost of a field', '{ dear { id } }', 50],
    ['@cost of a type', '{ report { id } }', 20],
    ['@cost of a scalar', '{ sensor }', 9],
    ['@cost of a leaf', '{ user { costly } }', 6],
    ['aliases are fields of their own', '{ a: user { id } b: user { id } }', 2],
    ['introspection has a price', '{ __schema { types { name } } __type(name: "User") { name } __typename }', 110],
  ])('%s', (_title, source, expected) => {
    expect(cost(source)).toBe(expected);
    expect(compile(source).isConstant).toBe(true);
  });
});

describe('lists', () => {
  it.each([
    ['of an unknown size are taken to hold ten', '{ all { id } }', 10],
    ['in lists', '{ matrix { id } }', 10],
    ['by an argument', '{ users(first: 3) { id } }', 3],
    ["by an argument's default", '{ users { id } }', 6],
    ['by the largest of several arguments', '{ users(first: 3, last: 8) { id } }', 8],
    ['multiply', '{ users(first: 3) { friends(first: 4) { friends(first: 5) { id } } } }', 3 + 3 * 4 + 3 * 4 * 5],
    ['of a connection, by its argument', '{ page(first: 7) { edges { node { id } } total } }', 1 + 7 * 2],
    ['of a connection, in both forms', '{ page(first: 7) { edges { node { id } } nodes { id } } }', 1 + 7 * 2 + 7],
    ['of a connection without an argument', '{ page { nodes { id } } }', 1 + 10],
    ['@listSize(assumedSize:)', '{ assumed { id } }', 3],
    ['@listSize(slicingArguments:)', '{ sliced(limit: 9) { id } }', 9],
    ['@listSize(slicingArguments:), within an input', '{ sliced(input: { max: 9 }) { id } }', 9 + 1],
    ['@listSize(slicingArguments:), none given', '{ sliced { id } }', 4],
    ['@listSize(sizedFields:): only those', '{ cursor(first: 2) { items { id } others { id } } }', 1 + 2 + 10],
    ['of no items, or fewer', '{ users(first: 0) { id } page(first: -5) { nodes { id } } }', 1],
    ['@cost counts for each item', '{ users(first: 4) { costly } }', 4 * 6],
  ])('%s', (_title, source, expected) => {
    expect(cost(source)).toBe(expected);
  });

  it('a negative size pays for nothing else', () => {
    expect(cost('{ users(first: -1000) { id } all { id } }')).toBe(10);
    expect(cost('query($n: Int) { users(first: $n) { id } all { id } }', { n: -1000 })).toBe(10);
  });

  it('@listSize that asks for exactly one argument', () => {
    expect(compile('{ exactly(a: 3) { id } }').problem({})).toBeUndefined();
    expect(compile('{ exactly { id } }').problem({})).toBe(
      'exactly takes exactly one of the arguments a, b that say how many; 0 are given.',
    );
    expect(compile('{ exactly(a: 1, b: 2) { id } }').problem({})).toContain('2 are given');
    const byVariable = compile('query($a: Int, $b: Int, $on: Boolean!) { exactly(a: $a, b: $b) @include(if: $on) { id } }');
    expect(byVariable.problem({ a: 1, on: true })).toBeUndefined();
    expect(byVariable.problem({ a: 1, b: 2, on: true })).toContain('2 are given');
    expect(byVariable.problem({ on: true })).toContain('0 are given');
    expect(byVariable.problem({ on: false })).toBeUndefined();
  });
});

describe('variables', () => {
  it('say how large lists are, and are asked only where it matters', () => {
    const byVariable = compile('query($n: Int, $m: Int = 2) { users(first: $n) { friends(first: $m) { id } } }');
    expect(byVariable.isConstant).toBe(false);
    expect([{ n: 3, m: 5 }, { n: 3 }, { n: 100, m: 100 }, { m: 1 }, { n: null, m: 1 }].map((one) => byVariable.estimate(one))).toEqual([
      3 + 15,
      3 + 30,
      100 + 10_000,
      6 + 6,
      10 + 10,
    ]);
  });

  it('within an input', () => {
    const source = 'query($max: Int) { sliced(input: { max: $max }) { id } }';
    expect([cost(source, { max: 9 }), cost(source)]).toEqual([9 + 1, 4 + 1]);
    expect(cost('query($input: Slice) { sliced(input: $input) { id } }', { input: { max: 9 } })).toBe(9 + 1);
  });

  it('of @skip and @include', () => {
    const source = 'query($a: Boolean!, $b: Boolean!) { user @include(if: $a) { id ... @skip(if: $b) { best { id } } } }';
    expect(
      [
        [true, false],
        [true, true],
        [false, false],
      ].map(([a, b]) => cost(source, { a, b })),
    ).toEqual([2, 1, 0]);
    expect(cost('{ user @skip(if: true) { id } all @include(if: false) { id } }')).toBe(0);
  });

  it('cost bombs: a small text, and a number in the variables', () => {
    const bomb = compile(
      'query($n: Int!) { users(first: $n) { friends(first: $n) { friends(first: $n) { friends(first: $n) { id } } } } }',
    );
    expect(bomb.estimate({ n: 10 })).toBe(11_110);
    expect(bomb.estimate({ n: 1_000 })).toBe(1_001_001_001_000);
    expect(bomb.estimate({ n: 2_147_483_647 })).toBe(HIGHEST_COST);
    expect(bomb.estimate({ n: Number.NaN })).toBe(11_110);
    expect(bomb.estimate({ n: Infinity })).toBe(HIGHEST_COST);
  });
});

describe('merging', () => {
  it('a field that several places select costs once', () => {
    expect(cost('{ user { id best { id } } user { name best { name } } ...F } fragment F on Query { user { best { costly } } }')).toBe(
      1 + 1 + 5,
    );
  });

  it('a field that is included by one place is included', () => {
    const source = 'query($a: Boolean!) { user { id } user @include(if: $a) { best { id } } }';
    expect([cost(source, { a: true }), cost(source, { a: false })]).toEqual([2, 1]);
  });
});

describe('types that are open', () => {
  it('the dearest of the types of a union counts', () => {
    expect(cost('{ thing { ... on User { best { id } } ... on Report { lines } } }')).toBe(1 + 1);
    expect(cost('{ search { ... on User { costly best { id } } ... on Report { id } } }')).toBe(10 * (1 + 6));
  });

  it('what all types have costs beside', () => {
    expect(cost('{ node { id ... on User { costly } ... on Node { name } } }')).toBe(1 + 5);
  });

  it('many levels of fragments on open types take no more time than they are long', () => {
    const nested = (depth: number): string =>
      depth === 0
        ? 'id'
        : `id ... on User { best { ${nested(depth - 1)} } } ... on Node { ... on User { best { ${depth === 1 ? 'id' : 'name'} } } }`;
    const startedAt = performance.now();
    expect(cost(`{ node { ${nested(400)} } }`)).toBeGreaterThanOrEqual(400);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('arguments', () => {
  it.each([
    ['scalars cost nothing', '{ search(text: "a") { ... on User { id } } }', 10],
    ['@cost of an argument', '{ argued(dear: 1) }', 7],
    [
      'input objects cost 1 each, and what is in them',
      '{ search(filter: { name: "a", sort: { by: "x" }, tags: [{ id: 1 }, { id: 2 }] }) { ... on User { id } } }',
      10 + 1 + 1 + 3 + 2,
    ],
  ])('%s', (_title, source, expected) => {
    expect(cost(source)).toBe(expected);
  });

  it('by variables, whole or in part', () => {
    const filter = { name: 'a', sort: { by: 'x' } };
    expect(cost('query($f: Filter) { search(filter: $f) { ... on User { id } } }', { f: filter })).toBe(10 + 5);
    expect(cost('query($f: Filter) { search(filter: $f) { ... on User { id } } }', { f: null })).toBe(10);
    expect(cost('query($s: Sort) { search(filter: { sort: $s }) { ... on User { id } } }', { s: { by: 'x' } })).toBe(10 + 5);
  });
});

describe('without conventions', () => {
  it('only the directives say how many', () => {
    const document = parse('{ users(first: 3) { id } page(first: 3) { nodes { id } } sliced(limit: 2) { id } }');
    const operation = document.definitions[0] as OperationDefinitionNode;
    const { estimate } = compileCost(
      { operation, fragments: new Map() },
      { schema, costs, lists: { defaultListSize: 100, listArguments: [] } },
    );
    expect(estimate({})).toBe(100 + 1 + 100 + 2);
  });
});
