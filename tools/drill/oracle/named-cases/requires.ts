import { byKey, type NamedCase } from './named-case.ts';

const parcels = [{ id: '1' }, { id: '2' }];
const prices = [
  { id: '1', euros: 10, weight: 2 },
  { id: '2', euros: 20, weight: null },
];
const priced = {
  sdl: 'type Query { parcels: [Parcel!]! } type Parcel @key(fields: "id") { id: ID! price(currency: String = "EUR"): Int weight: Int }',
  resolvers: {
    Query: { parcels: () => parcels.map(({ id }) => prices.find((price) => price.id === id)) },
    Parcel: {
      __resolveReference: byKey(prices),
      price: ({ euros }: { euros: number }, { currency }: { currency: string }) => (currency === 'EUR' ? euros : euros * 2),
    },
  },
};
const costing = {
  sdl: 'type Parcel @key(fields: "id") { id: ID! price(currency: String = "EUR"): Int @external weight: Int @external cost: String @requires(fields: "price(currency: \\"USD\\") weight") }',
  resolvers: {
    Parcel: {
      __resolveReference: (parcel: object) => parcel,
      cost: ({ price, weight }: { price: number; weight: number | null }) => `${price} for ${weight}`,
    },
  },
};

export const requiresCases: readonly NamedCase[] = [
  {
    name: 'the required field has an argument and the client asks it with another',
    trap: 'The client\u2019s value is sent as the required one, or overwritten by it (requires-with-argument-conflict of the gateway audit).',
    subgraphs: { priced, costing },
    operation: { query: '{ parcels { price cost dollars: price(currency: "USD") weight } }' },
    expected: {
      data: {
        parcels: [
          { price: 10, cost: '20 for 2', dollars: 20, weight: 2 },
          { price: 20, cost: '40 for null', dollars: 40, weight: null },
        ],
      },
    },
  },
  {
    name: 'a required field is null',
    trap: 'An entity whose required value is null is left out of the fetch.',
    subgraphs: { priced, costing },
    operation: { query: '{ parcels { cost } }' },
    expected: { data: { parcels: [{ cost: '20 for 2' }, { cost: '40 for null' }] } },
  },
  {
    name: 'an alias has the name of a required field',
    trap: 'What the client calls weight is sent as the weight.',
    subgraphs: { priced, costing },
    operation: { query: '{ parcels { weight: price cost } }' },
    expected: {
      data: {
        parcels: [
          { weight: 10, cost: '20 for 2' },
          { weight: 20, cost: '40 for null' },
        ],
      },
    },
  },
  {
    name: 'what a required field requires',
    trap: 'A chain over three subgraphs is cut off after the first (requires-requires of the gateway audit).',
    subgraphs: {
      priced,
      costing,
      insurance: {
        sdl: 'type Parcel @key(fields: "id") { id: ID! cost: String @external insured: String @requires(fields: "cost") }',
        resolvers: {
          Parcel: { __resolveReference: (parcel: object) => parcel, insured: ({ cost }: { cost: string }) => `insured: ${cost}` },
        },
      },
    },
    operation: { query: '{ parcels { insured } }' },
    expected: { data: { parcels: [{ insured: 'insured: 20 for 2' }, { insured: 'insured: 40 for null' }] } },
  },
  {
    name: 'two fields require different parts of one object',
    trap: 'Only the last of the two selections is sent (apollographql/apollo-server#3848).',
    subgraphs: {
      a: {
        sdl: 'type Query { user: User } type User @key(fields: "id") { id: ID! home: Home } type Home { place: Place } type Place { street: String city: String }',
        resolvers: { Query: { user: () => ({ id: '1', home: { place: { street: 'S', city: 'C' } } }) } },
      },
      b: {
        sdl: 'type User @key(fields: "id") { id: ID! home: Home @external first: String @requires(fields: "home { place { street } }") second: String @requires(fields: "home { place { city } }") } type Home @external { place: Place } type Place @external { street: String city: String }',
        resolvers: {
          User: {
            __resolveReference: (user: object) => user,
            first: ({ home }: { home: { place: { street: string } } }) => home.place.street,
            second: ({ home }: { home: { place: { city: string } } }) => home.place.city,
          },
        },
      },
    },
    operation: { query: '{ user { first second } }' },
    expected: { data: { user: { first: 'S', second: 'C' } } },
  },
  ...[true, false].map((isFlat): NamedCase => ({
    name: `two requirements under opposite conditions, $flat ${isFlat}`,
    trap: 'Both fields go into one fetch without their conditions (apollographql/router#10063).',
    subgraphs: {
      a: {
        sdl: 'type Query { list: List } type List @key(fields: "id") { id: ID! x: Int y: Int }',
        resolvers: { Query: { list: () => ({ id: '1', x: 1, y: 2 }) } },
      },
      b: {
        sdl: 'type List @key(fields: "id") { id: ID! x: Int @external y: Int @external groups: Int @requires(fields: "x") rows: Int @requires(fields: "x y") }',
        resolvers: {
          List: {
            __resolveReference: (list: object) => list,
            groups: ({ x }: { x: number }) => x * 10,
            rows: ({ x, y }: { x: number; y: number }) => x + y,
          },
        },
      },
    },
    operation: {
      query:
        'query ($flat: Boolean!) { list { ...G @skip(if: $flat) ...R @include(if: $flat) } } fragment G on List { groups } fragment R on List { rows }',
      variables: { flat: isFlat },
    },
    expected: { data: { list: isFlat ? { rows: 3 } : { groups: 10 } } },
    wrongPlanByApollo: 'the fault was found in its planner',
  })),
  {
    name: 'a requirement inside the result of a requirement',
    trap: 'The inner fetch has two parents and no plan is found (graphql-hive/router#1310).',
    subgraphs: {
      clinic: {
        sdl: 'type Query { pet: Pet } type Pet @key(fields: "id") { id: ID! weight: Int @external age: Int @external checkup: Checkup @requires(fields: "weight age") } type Checkup @key(fields: "id") { id: ID! fee: Int @external grade: Int @requires(fields: "fee") }',
        resolvers: {
          Query: { pet: () => ({ id: 'p' }) },
          Pet: {
            __resolveReference: (pet: object) => pet,
            checkup: ({ weight, age }: { weight: number; age: number }) => ({ id: `c${weight + age}` }),
          },
          Checkup: { __resolveReference: (checkup: object) => checkup, grade: ({ fee }: { fee: number }) => fee + 1 },
        },
      },
      records: {
        sdl: 'type Pet @key(fields: "id") { id: ID! weight: Int } type Checkup @key(fields: "id") { id: ID! fee: Int }',
        resolvers: {
          Pet: { __resolveReference: () => ({ weight: 4 }) },
          Checkup: { __resolveReference: ({ id }: { id: string }) => ({ id, fee: 50 }) },
        },
      },
      registry: {
        sdl: 'type Pet @key(fields: "id") { id: ID! age: Int }',
        resolvers: { Pet: { __resolveReference: () => ({ age: 3 }) } },
      },
    },
    operation: { query: '{ pet { checkup { id grade } } }' },
    expected: { data: { pet: { checkup: { id: 'c7', grade: 51 } } } },
  },
  {
    name: 'a requirement goes through a union',
    trap: 'Fragments of the required selection are dropped, or their type name is missing (requires-with-fragments of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Query { post: Post } type Post @key(fields: "id") { id: ID! body: Body } union Body = Text | Image type Text { text: String } type Image { url: String size: Int }',
        resolvers: { Query: { post: () => ({ id: '1', body: { __typename: 'Image', url: 'u', size: 3 } }) } },
      },
      b: {
        sdl: 'type Post @key(fields: "id") { id: ID! body: Body @external summary: String @requires(fields: "body { __typename ... on Text { text } ... on Image { url } }") } union Body = Text | Image type Text @external { text: String } type Image @external { url: String }',
        resolvers: {
          Post: {
            __resolveReference: (post: object) => post,
            summary: ({ body }: { body: { __typename: string; url?: string } }) => `${body.__typename} ${body.url}`,
          },
        },
      },
    },
    operation: { query: '{ post { summary } }' },
    expected: { data: { post: { summary: 'Image u' } } },
  },
  {
    name: 'two subgraphs require of each other',
    trap: 'Each waits for the other, though the fields in question are different ones (requires-circular of the gateway audit).',
    subgraphs: {
      a: {
        sdl: 'type Query { post: Post } type Post @key(fields: "id") { id: ID! author: String bySame: Boolean @external flag: String @requires(fields: "bySame") }',
        resolvers: {
          Query: { post: () => ({ id: '1', author: 'Ada' }) },
          Post: {
            __resolveReference: (post: { id: string }) => ({ ...post, author: 'Ada' }),
            flag: ({ bySame }: { bySame: boolean }) => (bySame ? 'same' : 'other'),
          },
        },
      },
      b: {
        sdl: 'type Post @key(fields: "id") { id: ID! author: String @external bySame: Boolean @requires(fields: "author") }',
        resolvers: { Post: { __resolveReference: (post: object) => post, bySame: ({ author }: { author: string }) => author === 'Ada' } },
      },
    },
    operation: { query: '{ post { flag } }' },
    expected: { data: { post: { flag: 'same' } } },
  },
];
