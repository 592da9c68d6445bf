import { byKey, type NamedCase } from './named-case.ts';

const things = [
  { id: '1', legacyId: 'old-1', colour: 'red' },
  { id: '2', legacyId: 'old-2', colour: 'blue' },
];

export const keyCases: readonly NamedCase[] = [
  {
    name: 'an alias has the name of the key field',
    trap: 'The aliased value goes into the representation instead of the key (apollographql/federation#3036, apollographql/router#6222).',
    subgraphs: {
      a: {
        sdl: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! legacyId: ID }',
        resolvers: { Query: { thing: () => things[0] }, Thing: { __resolveReference: byKey(things) } },
      },
      b: {
        sdl: 'type Thing @key(fields: "id") { id: ID! colour: String }',
        resolvers: {
          Thing: {
            __resolveReference: byKey([
              { id: '1', colour: 'red' },
              { id: 'old-1', colour: 'wrong' },
            ]),
          },
        },
      },
    },
    operation: { query: '{ thing { id: legacyId colour } }' },
    expected: { data: { thing: { id: 'old-1', colour: 'red' } } },
  },
  {
    name: 'the type name goes under an alias',
    trap: 'A field aliased to __typename-like keys, or a renamed __typename, hides the type that representations need.',
    subgraphs: {
      a: {
        sdl: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! legacyId: ID }',
        resolvers: { Query: { thing: () => things[0] } },
      },
      b: {
        sdl: 'type Thing @key(fields: "id") { id: ID! colour: String }',
        resolvers: { Thing: { __resolveReference: byKey(things) } },
      },
    },
    operation: { query: '{ thing { id: __typename kind: __typename colour } }' },
    expected: { data: { thing: { id: 'Thing', kind: 'Thing', colour: 'red' } } },
  },
  {
    name: 'the way leads over a subgraph that only links two keys',
    trap: 'Two hops are needed, and where the link knows no second key the third subgraph must not be asked (null-keys of the gateway audit).',
    subgraphs: {
      start: {
        sdl: 'type Query { books: [Book] } type Book @key(fields: "upc") { upc: ID! }',
        resolvers: { Query: { books: () => [{ upc: 'u1' }, { upc: 'u2' }, null, { upc: 'u3' }] } },
      },
      link: {
        sdl: 'type Book @key(fields: "id") @key(fields: "upc") { id: ID! upc: ID! }',
        resolvers: {
          Book: {
            __resolveReference: byKey([
              { id: '1', upc: 'u1' },
              { id: '3', upc: 'u3' },
            ]),
          },
        },
      },
      end: {
        sdl: 'type Book @key(fields: "id") { id: ID! author: String }',
        resolvers: { Book: { __resolveReference: byKey([{ id: '1', author: 'Ada' }]) } },
      },
    },
    operation: { query: '{ books { upc author } }' },
    expected: { data: { books: [{ upc: 'u1', author: 'Ada' }, { upc: 'u2', author: null }, null, { upc: 'u3', author: null }] } },
  },
  {
    name: 'a key holds a list of objects',
    trap: 'Representations are built one level deep, or the list is flattened (complex-entity-call of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Query { box: Box } type Box @key(fields: "items { id } owner { name { first } }") { items: [Item!]! owner: Owner } type Item { id: ID! } type Owner { name: Name } type Name { first: String }',
        resolvers: { Query: { box: () => ({ items: [{ id: 'x' }, { id: 'y' }], owner: { name: { first: 'Ada' } } }) } },
      },
      b: {
        sdl: 'type Box @key(fields: "items { id } owner { name { first } }") { items: [Item!]! @shareable owner: Owner @shareable label: String } type Item @shareable { id: ID! } type Owner @shareable { name: Name } type Name @shareable { first: String }',
        resolvers: {
          Box: {
            __resolveReference: (box: object) => box,
            label: (box: { items: readonly { id: string }[]; owner: { name: { first: string } } }) =>
              `${box.items.map(({ id }) => id).join('+')} of ${box.owner.name.first}`,
          },
        },
      },
    },
    operation: { query: '{ box { label } }' },
    expected: { data: { box: { label: 'x+y of Ada' } } },
  },
  {
    name: 'one of several keys cannot be resolved',
    trap: 'A key with resolvable: false is taken for the way into its subgraph (keys-mashup of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Query { thing: Thing } type Thing @key(fields: "id") @key(fields: "code", resolvable: false) { id: ID! code: ID! }',
        resolvers: { Query: { thing: () => ({ id: '1', code: 'c1' }) }, Thing: { __resolveReference: byKey([{ id: '1', code: 'c1' }]) } },
      },
      b: {
        sdl: 'type Query { other: Thing } type Thing @key(fields: "code") @key(fields: "id", resolvable: false) { id: ID! code: ID! name: String }',
        resolvers: {
          Query: { other: () => ({ id: '1', code: 'c1', name: 'one' }) },
          Thing: { __resolveReference: byKey([{ code: 'c1', name: 'one' }]) },
        },
      },
    },
    operation: { query: '{ thing { id name } }' },
    expected: { data: { thing: { id: '1', name: 'one' } } },
  },
  {
    name: 'one entity stands at many places',
    trap: 'Deduplicated representations are handed back to the first place only, or two places share one object and get each other\u2019s aliases.',
    subgraphs: {
      a: {
        sdl: 'type Query { list: [Thing!]! first: Thing } type Thing @key(fields: "id") { id: ID! next: Thing }',
        resolvers: {
          Query: { list: () => [{ id: '1' }, { id: '2' }, { id: '1' }], first: () => ({ id: '1' }) },
          Thing: { next: ({ id }: { id: string }) => ({ id: id === '1' ? '2' : '1' }) },
        },
      },
      b: {
        sdl: 'type Thing @key(fields: "id") { id: ID! colour(shade: Int): String }',
        resolvers: {
          Thing: {
            __resolveReference: byKey(things),
            colour: ({ colour }: { colour: string }, { shade }: { shade?: number }) => `${colour}${shade ?? ''}`,
          },
        },
      },
    },
    operation: { query: '{ list { c: colour next { c: colour(shade: 1) } } first { c: colour(shade: 2) } }' },
    expected: {
      data: {
        list: [
          { c: 'red', next: { c: 'blue1' } },
          { c: 'blue', next: { c: 'red1' } },
          { c: 'red', next: { c: 'blue1' } },
        ],
        first: { c: 'red2' },
      },
    },
  },
  {
    name: 'the key is the type name alone',
    trap: 'A representation without fields counts as empty and is never sent (graphql-hive/router#1099).',
    subgraphs: {
      a: {
        sdl: 'type Query { shop: Shop } type Shop @key(fields: "__typename") { name: String }',
        resolvers: { Query: { shop: () => ({ name: 'corner' }) } },
      },
      b: {
        sdl: 'type Shop @key(fields: "__typename") { open: Boolean }',
        resolvers: { Shop: { __resolveReference: () => ({ open: true }) } },
      },
    },
    operation: { query: '{ shop { name open } }' },
    expected: { data: { shop: { name: 'corner', open: true } } },
  },
];
