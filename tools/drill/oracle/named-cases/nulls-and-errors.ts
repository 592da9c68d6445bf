import { byKey, failing, type CaseSubgraph, type NamedCase } from './named-case.ts';

const rows = [{ id: '1', name: 'one' }, { id: '2' }, { id: '3', name: 'three' }];
const list: CaseSubgraph = {
  sdl: 'type Query { list: [Thing] strict: [Thing!] grid: [[Thing]] one: Thing } type Thing @key(fields: "id") { id: ID! next: Thing }',
  resolvers: {
    Query: {
      list: () => [{ id: '1' }, { id: '2' }, { id: '3' }],
      strict: () => [{ id: '1' }, { id: '2' }],
      grid: () => [[{ id: '1' }, null], null, [{ id: '2' }]],
      one: () => ({ id: '2' }),
    },
    Thing: { next: () => ({ id: '2' }) },
  },
};
const names: CaseSubgraph = {
  sdl: 'type Thing @key(fields: "id") { id: ID! name: String! size: Int }',
  resolvers: {
    Thing: {
      __resolveReference: byKey(rows),
      name: ({ id, name }: { id: string; name?: string }) => name ?? failing(`${id} has no name`)(),
      size: ({ id }: { id: string }) => (id === '2' ? failing(`${id} has no size`)() : 1),
    },
  },
};
const subgraphs = { list, names };
const noName = (...path: readonly (string | number)[]) => ({ path, message: '2 has no name' });

export const nullCases: readonly NamedCase[] = [
  {
    name: 'one entity of a list fails',
    trap: 'The error keeps the path of the fetch (_entities.1.name), or the whole list is null (apollographql/federation#752, #584).',
    subgraphs,
    operation: { query: '{ list { id name } }' },
    expected: { data: { list: [{ id: '1', name: 'one' }, null, { id: '3', name: 'three' }] }, errors: [noName('list', 1, 'name')] },
  },
  {
    name: 'a null moves up from an entity to the place that may be null',
    trap: 'The subgraph nulls its own entity only; moving on up through the client\u2019s selection is the gateway\u2019s.',
    subgraphs,
    operation: { query: '{ strict { name } list { id } }' },
    expected: { data: { strict: null, list: [{ id: '1' }, { id: '2' }, { id: '3' }] }, errors: [noName('strict', 1, 'name')] },
  },
  {
    name: 'an entity that fails stands in nested lists',
    trap: 'Only one level of lists is counted in the path.',
    subgraphs,
    operation: { query: '{ grid { n: name } }' },
    expected: { data: { grid: [[{ n: 'one' }, null], null, [null]] }, errors: [noName('grid', 2, 0, 'n')] },
  },
  {
    name: 'an entity that fails stands at several places',
    trap: 'Representations are sent once, and so the error is told once, for one of the places.',
    subgraphs,
    operation: { query: '{ list { next { size } } }' },
    expected: {
      data: { list: [{ next: { size: null } }, { next: { size: null } }, { next: { size: null } }] },
      errors: [0, 1, 2].map((index) => ({ path: ['list', index, 'next', 'size'], message: '2 has no size' })),
    },
  },
  {
    name: 'a failed field has an alias',
    trap: 'The path names the field and not its key in the answer.',
    subgraphs,
    operation: { query: '{ a: one { b: size } }' },
    expected: { data: { a: { b: null } }, errors: [{ path: ['a', 'b'], message: '2 has no size' }] },
  },
  {
    name: 'a reference leads to nothing',
    trap: 'The answer becomes null as a whole, or an error is made up (apollographql/federation#752, #1509).',
    subgraphs: {
      list,
      names: {
        sdl: 'type Thing @key(fields: "id") { id: ID! name: String }',
        resolvers: { Thing: { __resolveReference: byKey([{ id: '3', name: 'three' }]) } },
      },
    },
    operation: { query: '{ list { id name } }' },
    expected: {
      data: {
        list: [
          { id: '1', name: null },
          { id: '2', name: null },
          { id: '3', name: 'three' },
        ],
      },
    },
  },
  {
    name: 'a list of nulls, an empty list and no list',
    trap: 'Entity fetches are made for nothing, or with an empty list of representations.',
    subgraphs: {
      a: {
        sdl: 'type Query { nulls: [Thing] empty: [[Thing]] none: [Thing] } type Thing @key(fields: "id") { id: ID! }',
        resolvers: { Query: { nulls: () => [null, null], empty: () => [[]], none: () => null } },
      },
      names,
    },
    operation: { query: '{ nulls { name } empty { name } none { name } }' },
    expected: { data: { nulls: [null, null], empty: [[]], none: null } },
  },
  {
    name: 'data has a key that objects inherit',
    trap: 'Merging into plain objects takes constructor or toString for a value that is there.',
    subgraphs: {
      a: {
        sdl: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! constructor: String }',
        resolvers: { Query: { thing: () => ({ id: '1', constructor: 'c' }) } },
      },
      b: {
        sdl: 'type Thing @key(fields: "id") { id: ID! toString: String }',
        resolvers: { Thing: { __resolveReference: () => ({ toString: 's' }) } },
      },
    },
    operation: { query: '{ thing { valueOf: id constructor toString } }' },
    expected: { data: { thing: { valueOf: '1', constructor: 'c', toString: 's' } } },
  },
];
