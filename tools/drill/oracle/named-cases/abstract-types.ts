import { byKey, type NamedCase } from './named-case.ts';

const hits = [
  { __typename: 'Repo', id: 'r', label: 'repo', owner: { __typename: 'Team', x: 1, y: 2 } },
  { __typename: 'User', id: 'u', label: null, owner: { __typename: 'Org', x: 3, y: 4 } },
];

export const abstractTypeCases: readonly NamedCase[] = [
  {
    name: 'fields of one name differ between members of a union',
    trap: 'The planner renames one of them on the way and the name is not given back (apollographql/federation#2392).',
    subgraphs: {
      a: {
        sdl: 'type Query { hits: [Hit] } union Hit = Repo | User type Repo { id: ID! label: String! } type User { id: ID! label: String rank: Int }',
        resolvers: { Query: { hits: () => hits } },
      },
    },
    operation: { query: '{ hits { __typename ... on Repo { id x: label } ... on User { id y: label } } }' },
    expected: {
      data: {
        hits: [
          { __typename: 'Repo', id: 'r', x: 'repo' },
          { __typename: 'User', id: 'u', y: null },
        ],
      },
    },
  },
  {
    name: 'one object type is selected differently in two members',
    trap: 'The selections of one member are asked of the other, or only the first are (wundergraph/cosmo#679).',
    subgraphs: {
      a: {
        sdl: 'type Query { hits: [Hit] } union Hit = Repo | User type Repo { common: Common } type User { common: Common } type Common { test: Int broken: Int }',
        resolvers: {
          Query: {
            hits: () => [
              { __typename: 'User', common: { test: 1, broken: 2 } },
              { __typename: 'Repo', common: { test: 3, broken: 4 } },
            ],
          },
        },
      },
    },
    operation: { query: '{ hits { ...R ...U } } fragment R on Repo { common { test } } fragment U on User { common { broken } }' },
    expected: { data: { hits: [{ common: { broken: 2 } }, { common: { test: 3 } }] } },
  },
  {
    name: 'members of a union alternate in a list',
    trap: 'Entities of two types are fetched apart and put back in the order they came (wundergraph/cosmo#1731).',
    subgraphs: {
      a: {
        sdl: 'type Query { list: [Hit] } union Hit = A | B type A @key(fields: "id") { id: ID! } type B @key(fields: "id") { id: ID! }',
        resolvers: {
          Query: { list: () => [{ __typename: 'B', id: '1' }, { __typename: 'A', id: '1' }, null, { __typename: 'B', id: '2' }] },
        },
      },
      b: {
        sdl: 'type A @key(fields: "id") { id: ID! name: String! } type B @key(fields: "id") { id: ID! name: String! }',
        resolvers: {
          A: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `A${id}` }) },
          B: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `B${id}` }) },
        },
      },
    },
    operation: { query: '{ list { ... on A { name } ... on B { name } } }' },
    expected: { data: { list: [{ name: 'B1' }, { name: 'A1' }, null, { name: 'B2' }] } },
  },
  {
    name: 'a subgraph knows only some members of a union',
    trap: 'A fragment on a member it does not know is sent to it, or is dropped for all (union-intersection of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Query { one: Hit @shareable } union Hit = Book | Film type Book @key(fields: "id") { id: ID! title: String @shareable } type Film { length: Int }',
        resolvers: {
          Query: { one: () => ({ __typename: 'Book', id: '1', title: 'a' }) },
          Book: { __resolveReference: byKey([{ id: '1', title: 'a' }]) },
        },
      },
      b: {
        sdl: 'type Query { two: Hit } union Hit = Book | Song type Book @key(fields: "id") { id: ID! title: String @shareable } type Song { bpm: Int }',
        resolvers: {
          Query: { two: () => ({ __typename: 'Song', bpm: 120 }) },
          Book: { __resolveReference: byKey([{ id: '1', title: 'a' }]) },
        },
      },
    },
    operation: {
      query:
        '{ one { ...F } two { ...F } } fragment F on Hit { __typename ... on Song { bpm } ... on Film { length } ... on Book { title } }',
    },
    expected: { data: { one: { __typename: 'Book', title: 'a' }, two: { __typename: 'Song', bpm: 120 } } },
  },
  {
    name: 'implementations of an interface live in different subgraphs',
    trap: 'A field of the interface is asked of a subgraph in which the type does not have it (union-interface-distributed of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Query { nodes: [Node] } interface Node { id: ID! } type Oven implements Node @key(fields: "id") { id: ID! } type Toaster implements Node & Warm @key(fields: "id") { id: ID! warmth: Int } interface Warm { warmth: Int }',
        resolvers: {
          Query: {
            nodes: () => [
              { __typename: 'Oven', id: 'o' },
              { __typename: 'Toaster', id: 't', warmth: 1 },
            ],
          },
        },
      },
      b: {
        sdl: 'interface Warm { warmth: Int } type Oven implements Warm @key(fields: "id") { id: ID! warmth: Int }',
        resolvers: { Oven: { __resolveReference: ({ id }: { id: string }) => ({ id, warmth: 200 }) } },
      },
    },
    operation: { query: '{ nodes { id ... on Warm { warmth } } }' },
    expected: {
      data: {
        nodes: [
          { id: 'o', warmth: 200 },
          { id: 't', warmth: 1 },
        ],
      },
    },
  },
  {
    name: 'fragments are nested until nothing fits any more',
    trap: 'The innermost condition alone is applied.',
    subgraphs: {
      a: {
        sdl: 'type Query { hits: [Hit] } union Hit = Repo | User interface Named { label: String } type Repo implements Named { label: String owner: Owner } type User implements Named { label: String owner: Owner } union Owner = Team | Org type Team { x: Int y: Int } type Org { x: Int y: Int }',
        resolvers: { Query: { hits: () => hits } },
      },
    },
    operation: {
      query:
        '{ hits { ... on Repo { ... on Named { ... on User { label } ... on Repo { owner { ... on Org { x } ... on Team { y } } } } } ... on Named { ... on User { owner { __typename } } } } }',
    },
    expected: { data: { hits: [{ owner: { y: 2 } }, { owner: { __typename: 'Org' } }] } },
  },
];
