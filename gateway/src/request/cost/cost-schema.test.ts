import { buildASTSchema, parse } from 'graphql';
import { composeSupergraph } from '../../supergraph/compose.js';
import { readCostSchema, type CostSchema } from './cost-schema.js';

const read = (sdl: string): CostSchema => readCostSchema(buildASTSchema(parse(sdl), { assumeValid: true }));

const link = (imports: string, as = ''): string => `
  schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/cost/v0.1"${as}${imports}) { query: Query }
  directive @link(url: String, as: String, import: [link__Import]) repeatable on SCHEMA
  scalar link__Import`;

describe('readCostSchema', () => {
  it.each([
    ['imported', link(', import: ["@cost", "@listSize"]'), 'cost', 'listSize'],
    ['renamed', link(', import: [{ name: "@cost", as: "@weight" }, { name: "@listSize", as: "@sized" }]'), 'weight', 'sized'],
    ['not imported', link(''), 'cost', 'cost__listSize'],
    ['in a namespace of another name', link('', ', as: "price"'), 'price', 'price__listSize'],
    ['without a link', '', 'cost', 'listSize'],
  ])('finds the directives %s', (_title, head, cost, listSize) => {
    const costs = read(`${head}
      directive @${cost}(weight: Int!) on FIELD_DEFINITION | OBJECT
      directive @${listSize}(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean) on FIELD_DEFINITION
      type Query { a: Int @${cost}(weight: 3) b: [T] @${listSize}(assumedSize: 7, slicingArguments: ["first"], requireOneSlicingArgument: false) }
      type T @${cost}(weight: 4) { c: Int }`);
    expect(costs.weightOfField('Query', 'a')).toBe(3);
    expect(costs.weightOfType('T')).toBe(4);
    expect(costs.listSize('Query', 'b')).toEqual({
      assumedSize: 7,
      slicingArguments: ['first'],
      sizedFields: [],
      requireOneSlicingArgument: false,
    });
  });

  it('says nothing where nothing is said', () => {
    const costs = read('type Query { a(b: Int): Int }');
    expect([
      costs.weightOfField('Query', 'a'),
      costs.weightOfField('Gone', 'a'),
      costs.weightOfType('Gone'),
      costs.weightOfArgument('Query', 'a', 'b'),
      costs.listSize('Query', 'a'),
    ]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('takes the dearest of what is said of an interface and of the types that implement it', () => {
    const costs = read(`
      directive @cost(weight: Int!) on FIELD_DEFINITION
      type Query { i: I }
      interface I { a: Int @cost(weight: 2) b: Int }
      type A implements I { a: Int @cost(weight: 9) b: Int }
      type B implements I { a: Int b: Int @cost(weight: 4) }`);
    expect([costs.weightOfField('I', 'a'), costs.weightOfField('I', 'b'), costs.weightOfField('B', 'a')]).toEqual([9, 4, undefined]);
  });

  it('reads what composition makes of the directives of subgraphs', () => {
    const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@cost", "@listSize"])`;
    const composition = composeSupergraph([
      {
        name: 'a',
        url: 'http://a',
        sdl: `${head}
          type Query { users(first: Int): [User!]! @listSize(slicingArguments: ["first"], assumedSize: 5, requireOneSlicingArgument: false) }
          type User @key(fields: "id") { id: ID! shared: Int @shareable @cost(weight: 2) }`,
      },
      {
        name: 'b',
        url: 'http://b',
        sdl: `${head} type User @key(fields: "id") { id: ID! shared: Int @shareable @cost(weight: 6) own(x: Int @cost(weight: 3)): Int }`,
      },
    ]);
    if (composition.kind === 'failed') throw new Error(composition.problems.map(({ text }) => text).join('\n'));
    const costs = read(composition.supergraphSdl);
    expect(costs.listSize('Query', 'users')).toEqual({
      assumedSize: 5,
      slicingArguments: ['first'],
      sizedFields: [],
      requireOneSlicingArgument: false,
    });
    expect(costs.weightOfField('User', 'shared')).toBe(6);
    expect(costs.weightOfArgument('User', 'own', 'x')).toBe(3);
  });
});
