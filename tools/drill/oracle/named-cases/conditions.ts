import { byKey, type NamedCase } from './named-case.ts';

const subgraphs = {
  a: {
    sdl: 'type Query { thing: Thing things: [Thing] } type Thing @key(fields: "id") { id: ID! title: String }',
    resolvers: { Query: { thing: () => ({ id: '1', title: 't' }), things: () => [{ id: '1', title: 't' }] } },
  },
  b: {
    sdl: 'type Thing @key(fields: "id") { id: ID! colour(shade: Int): String size: Int }',
    resolvers: {
      Thing: {
        __resolveReference: byKey([{ id: '1', size: 3 }]),
        colour: (_thing: unknown, { shade }: { shade?: number | null }) => `red ${shade}`,
      },
    },
  },
};

export const conditionCases: readonly NamedCase[] = [
  {
    name: 'everything below a field is skipped',
    trap: 'An empty selection is sent to the subgraph, or the field is left out of the answer.',
    subgraphs,
    operation: {
      query: 'query ($no: Boolean!) { thing { title @include(if: $no) size @include(if: $no) } things { colour @skip(if: true) } }',
      variables: { no: false },
    },
    expected: { data: { thing: {}, things: [{}] } },
  },
  ...[true, false].map((isOn): NamedCase => ({
    name: `the fetch of an entity depends on a variable with a default, $on ${isOn ? 'by default' : 'false'}`,
    trap: 'The condition is looked up among the variables as they were sent, without defaults.',
    subgraphs,
    operation: {
      query:
        'query ($on: Boolean! = true) { thing { title ... @include(if: $on) { size } ... on Thing @skip(if: $on) { colour(shade: 1) } } }',
      ...(isOn ? {} : { variables: { on: false } }),
    },
    expected: { data: { thing: isOn ? { title: 't', size: 3 } : { title: 't', colour: 'red 1' } } },
  })),
  {
    name: 'skip and include stand on one field',
    trap: 'Only the first of the two is applied.',
    subgraphs,
    operation: {
      query:
        'query ($yes: Boolean!, $no: Boolean!) { thing { a: size @include(if: $yes) @skip(if: $yes) b: size @include(if: $no) @skip(if: $no) c: size @skip(if: $no) @include(if: $yes) } }',
      variables: { yes: true, no: false },
    },
    expected: { data: { thing: { c: 3 } } },
  },
  {
    name: 'one field is selected with and without a condition',
    trap: 'Merging the two keeps the condition.',
    subgraphs,
    operation: {
      query: 'query ($no: Boolean!) { thing { size @include(if: $no) ...F @include(if: $no) size } } fragment F on Thing { title size }',
      variables: { no: false },
    },
    expected: { data: { thing: { size: 3 } } },
  },
  {
    name: 'only the type name is conditional',
    trap: 'The fetch uses a variable that it does not declare (apollographql/router#5688).',
    subgraphs,
    operation: {
      query:
        'query ($show: Boolean!) { thing { ...F } things { ... on Thing { size } } } fragment F on Thing { __typename @include(if: $show) size }',
      variables: { show: true },
    },
    expected: { data: { thing: { __typename: 'Thing', size: 3 }, things: [{ size: 3 }] } },
  },
  {
    name: 'a variable is used in the second fetch only',
    trap: 'Variables are given to the first fetch alone, or null is sent for one that was not given.',
    subgraphs,
    operation: {
      query: 'query ($a: Int, $b: Int, $c: Int = 7) { thing { x: colour(shade: $a) y: colour(shade: $b) z: colour(shade: $c) } }',
      variables: { a: null },
    },
    expected: { data: { thing: { x: 'red null', y: 'red undefined', z: 'red 7' } } },
  },
  {
    name: 'the order of keys follows the operation',
    trap: 'Keys come in the order fetches answered.',
    subgraphs,
    operation: { query: '{ thing { size ...F id } } fragment F on Thing { colour id title size }' },
    expected: { data: { thing: { size: 3, colour: 'red undefined', id: '1', title: 't' } } },
  },
];
