import { byKey, type NamedCase } from './named-case.ts';

const users = [{ id: '1', name: 'owner', email: 'e1' }];
const owner = {
  sdl: 'type Query { user: User } type User @key(fields: "id") { id: ID! name: String @shareable email: String }',
  resolvers: { Query: { user: () => users[0] }, User: { __resolveReference: byKey(users) } },
};

export const providesAndOverrideCases: readonly NamedCase[] = [
  {
    name: 'a field is provided on one path and not on another',
    trap: 'What one path provides is expected on every path, or fetched again where it is there (simple-requires-provides of the gateway audit).',
    subgraphs: {
      owner,
      b: {
        sdl: 'type Query { near: User @provides(fields: "name") far: User } type User @key(fields: "id") { id: ID! name: String @external }',
        resolvers: { Query: { near: () => ({ id: '1', name: 'provided' }), far: () => ({ id: '1' }) } },
      },
    },
    operation: { query: '{ near { name } far { name } }' },
    expected: { data: { near: { name: 'provided' }, far: { name: 'owner' } } },
  },
  {
    name: 'a field deep below is provided',
    trap: 'Only the first level of @provides is looked at (nested-provides of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! brand: Brand @shareable size: Int } type Brand @key(fields: "id") { id: ID! name: String @shareable country: String }',
        resolvers: {
          Query: { item: () => ({ id: 'i', size: 1, brand: { id: 'b', name: 'n', country: 'CH' } }) },
          Item: { __resolveReference: () => ({ id: 'i', size: 1, brand: { id: 'b', name: 'own', country: 'CH' } }) },
          Brand: { __resolveReference: () => ({ id: 'b', name: 'own', country: 'CH' }) },
        },
      },
      b: {
        sdl: 'type Query { picks: [Item] @provides(fields: "brand { name }") } type Item @key(fields: "id") { id: ID! brand: Brand @external } type Brand @key(fields: "id") { id: ID! name: String @external }',
        resolvers: { Query: { picks: () => [{ id: 'i', brand: { id: 'b', name: 'provided' } }, null] } },
      },
    },
    operation: { query: '{ picks { size brand { name country } } }' },
    expected: { data: { picks: [{ size: 1, brand: { name: 'provided', country: 'CH' } }, null] } },
  },
  {
    name: 'a member of a union is provided with a field',
    trap: 'The provided field is asked of the other members too, or of none (provides-on-union of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Book @key(fields: "id") { id: ID! title: String @shareable } type Film @key(fields: "id") { id: ID! title: String @shareable }',
        resolvers: {
          Book: { __resolveReference: ({ id }: { id: string }) => ({ id, title: 'book of a' }) },
          Film: { __resolveReference: ({ id }: { id: string }) => ({ id, title: 'film of a' }) },
        },
      },
      b: {
        sdl: 'type Query { media: [Media] @provides(fields: "... on Book { title }") } union Media = Book | Film type Book @key(fields: "id") { id: ID! title: String @external } type Film @key(fields: "id") { id: ID! }',
        resolvers: {
          Query: {
            media: () => [
              { __typename: 'Film', id: '2' },
              { __typename: 'Book', id: '1', title: 'book of b' },
            ],
          },
        },
      },
    },
    operation: { query: '{ media { ... on Book { id title } ... on Film { id title } } }' },
    expected: {
      data: {
        media: [
          { id: '2', title: 'film of a' },
          { id: '1', title: 'book of b' },
        ],
      },
    },
  },
  {
    name: 'an overridden field is asked where the object was found',
    trap: 'The old owner still answers because it is at hand (simple-override of the gateway audit).',
    subgraphs: {
      old: {
        sdl: 'type Query { post: Post } type Post @key(fields: "id") { id: ID! stars: Int title: String }',
        resolvers: { Query: { post: () => ({ id: '1', stars: 1, title: 't' }) } },
      },
      fresh: {
        sdl: 'type Post @key(fields: "id") { id: ID! stars: Int @override(from: "old") }',
        resolvers: { Post: { __resolveReference: ({ id }: { id: string }) => ({ id, stars: 5 }) } },
      },
    },
    operation: { query: '{ post { title stars } }' },
    expected: { data: { post: { title: 't', stars: 5 } } },
  },
  ...[0, 100].map((percent): NamedCase => ({
    name: `an override that holds for ${percent} percent`,
    trap: 'The label is taken for active, or for inactive, whatever it says.',
    subgraphs: {
      old: {
        sdl: 'type Query { post: Post } type Post @key(fields: "id") { id: ID! stars: Int }',
        resolvers: { Query: { post: () => ({ id: '1', stars: 1 }) } },
      },
      fresh: {
        sdl: `type Post @key(fields: "id") { id: ID! stars: Int @override(from: "old", label: "percent(${percent})") }`,
        resolvers: { Post: { __resolveReference: ({ id }: { id: string }) => ({ id, stars: 5 }) } },
      },
    },
    operation: { query: '{ post { stars } }' },
    expected: { data: { post: { stars: percent === 0 ? 1 : 5 } } },
  })),
  {
    name: 'a required field moved to another subgraph',
    trap: 'The old owner is asked for what is required (override-with-requires of the gateway audit).',
    subgraphs: {
      old: {
        sdl: 'type Query { user: User } type User @key(fields: "id") { id: ID! name: String }',
        resolvers: { Query: { user: () => ({ id: '1', name: 'old' }) } },
      },
      fresh: {
        sdl: 'type User @key(fields: "id") { id: ID! name: String @override(from: "old") }',
        resolvers: { User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'fresh' }) } },
      },
      third: {
        sdl: 'type User @key(fields: "id") { id: ID! name: String @external label: String @requires(fields: "name") }',
        resolvers: { User: { __resolveReference: (user: object) => user, label: ({ name }: { name: string }) => `label of ${name}` } },
      },
    },
    operation: { query: '{ user { label } }' },
    expected: { data: { user: { label: 'label of fresh' } } },
  },
  {
    name: 'two subgraphs each answer a part of one root field',
    trap: 'One answer replaces the other instead of being merged into it (shared-root of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Query { info: Info @shareable } type Info @shareable { name: String deep: Deep } type Deep @shareable { x: Int }',
        resolvers: { Query: { info: () => ({ name: 'n', deep: { x: 1 } }) } },
      },
      b: {
        sdl: 'type Query { info: Info @shareable } type Info @shareable { price: Int deep: Deep } type Deep @shareable { y: Int }',
        resolvers: { Query: { info: () => ({ price: 2, deep: { y: 3 } }) } },
      },
    },
    operation: { query: '{ info { price deep { y x } name } }' },
    expected: { data: { info: { price: 2, deep: { y: 3, x: 1 }, name: 'n' } } },
  },
  {
    name: 'an object without a key is completed through its parent',
    trap: 'The child has no key, so the parent must be asked again (parent-entity-call of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! category: Category @shareable } type Category @shareable { name: String }',
        resolvers: { Query: { item: () => ({ id: '1', category: { name: 'c' } }) } },
      },
      b: {
        sdl: 'type Item @key(fields: "id") { id: ID! category: Category @shareable } type Category @shareable { details: String }',
        resolvers: { Item: { __resolveReference: () => ({ id: '1', category: { details: 'd' } }) } },
      },
    },
    operation: { query: '{ item { category { details name } } }' },
    expected: { data: { item: { category: { details: 'd', name: 'c' } } } },
  },
];
