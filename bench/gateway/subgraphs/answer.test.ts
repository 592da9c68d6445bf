import { describe, expect, test } from '@jest/globals';
import { execute, parse, type ExecutionResult } from 'graphql';
import { createShop } from '../graph/data.ts';
import type { SubgraphName } from '../graph/sdl.ts';
import { createSubgraphSchema } from '../graph/subgraph-schema.ts';
import { createAnswering } from './answer.ts';

const shop = createShop(1);
const representations = [
  { __typename: 'Product', upc: 'p1', price: 1_500, weight: 10 },
  { __typename: 'Product', upc: 'nothing', price: 1, weight: 1 },
  { __typename: 'Product', upc: 'p999', price: 7, weight: 99 },
];

/** What planners send. */
const FETCHES: readonly { of: SubgraphName; does: string; query: string; variables?: Record<string, unknown> }[] = [
  { of: 'accounts', does: 'a root field with an argument', query: '{ user(id: "3") { __typename id name birthday } }' },
  { of: 'accounts', does: 'null for what is not there', query: 'query($id: ID!) { user(id: $id) { id } }', variables: { id: '101' } },
  { of: 'accounts', does: 'an argument left to its default', query: '{ users { id } me { username } }' },
  { of: 'accounts', does: 'the contract', query: '{ _service { sdl } }' },
  {
    of: 'inventory',
    does: 'entities, fields computed of what came along, null for an unknown one',
    query:
      'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { inStock shippingEstimate } } }',
    variables: { representations },
  },
  {
    of: 'products',
    does: 'several batches under aliases',
    query: `query($a: [_Any!]!, $b: [_Any!]!) {
      first: _entities(representations: $a) { ... on Product { name } }
      second: _entities(representations: $b) { __typename ... on Product { box { height } price } }
    }`,
    variables: { a: representations, b: representations.slice(0, 1) },
  },
  {
    of: 'products',
    does: 'unusual characters and lists of scalars',
    query: '{ products(first: 400) { name tags category box { width height } } }',
  },
  {
    of: 'reviews',
    does: 'one type of several, merged selections, fragments',
    query: `query($r: [_Any!]!, $first: Int) {
      _entities(representations: $r) {
        ... on User { __typename reviews(first: $first) { ...Text product { upc } } }
        ... on Product { reviews(first: 1) { ...Text } reviews(first: 1) { author { username } } }
      }
    }
    fragment Text on Review { id text: body }`,
    variables: {
      r: [
        { __typename: 'User', id: '2' },
        { __typename: 'Product', upc: 'p1' },
      ],
      first: 1,
    },
  },
];
const CONDITION = 'query($no: Boolean!) { me { id @skip(if: $no) name @include(if: $no) ... @include(if: $no) { username } } }';

describe('a subgraph answers as graphql-js does:', () => {
  test.each(FETCHES)('$of: $does', ({ of, query, variables = {} }) => {
    const schema = createSubgraphSchema(shop, of);
    expect(JSON.parse(createAnswering(schema)(JSON.stringify({ query, variables })).toString())).toEqual(
      reference(schema, query, variables),
    );
  });

  test('@skip and @include with either value', () => {
    const schema = createSubgraphSchema(shop, 'accounts');
    const answer = createAnswering(schema);
    for (const no of [true, false, true]) {
      const variables = { no };
      expect(JSON.parse(answer(JSON.stringify({ query: CONDITION, variables })).toString())).toEqual(
        reference(schema, CONDITION, variables),
      );
    }
  });

  test('the keys in the order of the query', () => {
    const answer = createAnswering(createSubgraphSchema(shop, 'accounts'));
    expect(answer(JSON.stringify({ query: '{ me { username id } }' })).toString()).toBe('{"data":{"me":{"username":"user_001","id":"1"}}}');
  });
});

test('a field that needs another subgraph’s fields fails without them, so that a gateway that forgets them is found out', () => {
  const answer = createAnswering(createSubgraphSchema(shop, 'inventory'));
  const query = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Product { shippingEstimate } } }';
  const body = JSON.stringify({ query, variables: { r: [{ __typename: 'Product', upc: 'p1' }] } });
  expect(JSON.parse(answer(body).toString())).toEqual({ errors: [{ message: expect.stringContaining('without price and weight') }] });
});

function reference(schema: ReturnType<typeof createSubgraphSchema>, query: string, variables: Record<string, unknown>): unknown {
  const result = execute({ schema, document: parse(query), variableValues: variables }) as ExecutionResult; // resolvers are synchronous
  return JSON.parse(JSON.stringify(result));
}
