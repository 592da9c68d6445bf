import { byKey, failing, type CaseSubgraph, type NamedCase } from './named-case.ts';

interface Log {
  readonly entries: string[];
}

/** Mutations of two subgraphs that write into one log, which each answers as it finds it. */
function logging(): Readonly<Record<string, CaseSubgraph>> {
  const log: Log = { entries: [] };
  const write = (name: string) => (): { log: string } => {
    log.entries.push(name);
    const answer = { id: '1', log: log.entries.join(' ') };
    if (name === 'reset') log.entries.length = 0;
    return answer;
  };
  return {
    a: {
      sdl: 'type Query { a: Int } type Mutation { one: Step three: Step fail: Step reset: Step } type Step @key(fields: "id") @shareable { id: ID! log: String }',
      resolvers: {
        Mutation: { one: write('one'), three: write('three'), fail: failing('it fails'), reset: write('reset') },
        Step: { __resolveReference: (step: object) => step },
      },
    },
    b: {
      sdl: 'type Mutation { two: Step four: Step } type Step @key(fields: "id") { id: ID! @shareable log: String @shareable size: Int }',
      resolvers: {
        Mutation: { two: write('two'), four: write('four') },
        Step: { __resolveReference: (step: object) => step, size: () => 1 },
      },
    },
  };
}

const echo: CaseSubgraph = {
  sdl: `scalar JSON enum Unit { CM MM } input Inner { b: Int c: Int = 5 unit: Unit = CM } input Filter { a: Inner list: [Inner!] }
    type Query { echo(filter: Filter, json: JSON, n: Int = 3): JSON }`,
  resolvers: { Query: { echo: (_source: unknown, args: object) => args } },
};
const thing: CaseSubgraph = {
  sdl: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! secret: String @inaccessible }',
  resolvers: { Query: { thing: () => ({ id: '1' }) } },
};
const sized: CaseSubgraph = {
  sdl: 'type Thing @key(fields: "id") { id: ID! size: Int }',
  resolvers: { Thing: { __resolveReference: byKey([{ id: '1', size: 3 }]) } },
};

export const operationCases: readonly NamedCase[] = [
  {
    name: 'mutations of two subgraphs take turns',
    trap: 'Fields of one subgraph are put together, and the second overtakes the other subgraph\u2019s (mutations of the gateway audit).',
    subgraphs: logging(),
    operation: { query: 'mutation { one { log } two { log } three { log size } four { log } reset { log } }' },
    expected: {
      data: {
        one: { log: 'one' },
        two: { log: 'one two' },
        three: { log: 'one two three', size: 1 },
        four: { log: 'one two three four' },
        reset: { log: 'one two three four reset' },
      },
    },
  },
  {
    name: 'a mutation fails and the next ones run',
    trap: 'The sequence ends at the first answer with errors.',
    subgraphs: logging(),
    operation: { query: 'mutation { one { log } fail { log } two { log } reset { __typename } }' },
    expected: {
      data: { one: { log: 'one' }, fail: null, two: { log: 'one two' }, reset: { __typename: 'Step' } },
      errors: [{ path: ['fail'], message: 'it fails' }],
    },
  },
  {
    name: 'introspection stands among data',
    trap: 'The schema fields are sent to a subgraph, which answers with its own schema, or the data is left out.',
    subgraphs: { thing, sized },
    operation: {
      query:
        '{ a: __typename t: __type(name: "Thing") { fields { name } } thing { size } __schema { queryType { name } mutationType { name } } }',
    },
    expected: {
      data: {
        a: 'Query',
        t: { fields: [{ name: 'id' }, { name: 'size' }] },
        thing: { size: 3 },
        __schema: { queryType: { name: 'Query' }, mutationType: null },
      },
    },
  },
  {
    name: 'nothing but the type name is asked',
    trap: 'There is no fetch to plan, and no plan counts as a failure.',
    subgraphs: { thing, sized },
    operation: { query: '{ __typename ... on Query { other: __typename } }' },
    expected: { data: { __typename: 'Query', other: 'Query' } },
  },
  {
    name: 'one of several operations is named',
    trap: 'Variables or fragments of the others are looked at.',
    subgraphs: { thing, sized },
    operation: {
      query: 'query A($x: Boolean!) { thing { id @skip(if: $x) } } query B { thing { ...F } } fragment F on Thing { size }',
      operationName: 'B',
    },
    expected: { data: { thing: { size: 3 } } },
  },
  {
    name: 'null inside an input object',
    trap: 'It is left out, or takes the place of a default (wundergraph/cosmo#684).',
    subgraphs: { echo },
    operation: {
      query: 'query ($filter: Filter, $n: Int) { echo(filter: $filter, n: $n) }',
      variables: { filter: { a: { b: null }, list: { c: null, unit: 'MM' } } },
    },
    expected: { data: { echo: { filter: { a: { b: null, c: 5, unit: 'CM' }, list: [{ c: null, unit: 'MM' }] }, n: 3 } } },
  },
  {
    name: 'variables stand inside a literal',
    trap: 'A variable in a custom scalar or nested input is not declared in the fetch.',
    subgraphs: { echo },
    operation: {
      query: 'query ($b: Int, $unit: Unit!, $x: JSON) { echo(filter: {list: [{b: $b, unit: $unit}]}, json: {deep: [$x, "y"]}) }',
      variables: { unit: 'MM', x: { any: [1] } },
    },
    expected: { data: { echo: { filter: { list: [{ c: 5, unit: 'MM' }] }, json: { deep: [{ any: [1] }, 'y'] }, n: 3 } } },
  },
  {
    name: 'a scalar holds what looks like an object of the schema',
    trap: 'The value is projected by a selection, its __typename believed, or its keys sorted.',
    subgraphs: { echo },
    operation: {
      query: 'query ($x: JSON) { echo(json: $x, n: 1) }',
      variables: { x: { z: 1, __typename: 'Query', a: [[], {}, null, 1e21, '\u2028"\\'] } },
    },
    expected: { data: { echo: { json: { z: 1, __typename: 'Query', a: [[], {}, null, 1e21, '\u2028"\\'] }, n: 1 } } },
  },
];
