import { byKey, failing, type CaseSubgraph, type NamedCase } from './named-case.ts';

const media = [
  { __typename: 'Book', id: 'b1', title: 'Book', pages: 10 },
  { __typename: 'Film', id: 'f1', title: 'Film', minutes: 90 },
];
const mediaOf = ({ id }: { id: string }) => media.find((one) => one.id === id) ?? null;

const library: CaseSubgraph = {
  sdl: `type Query { media: Media all: [Media] works: [Work] }
    interface Media @key(fields: "id") { id: ID! title: String }
    union Work = Book | Film
    type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
    type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
  resolvers: {
    Query: { media: () => media[0], all: () => [media[1], null, media[0]], works: () => [media[0], null, media[1]] },
    Media: { __resolveReference: mediaOf },
    Book: { __resolveReference: mediaOf },
    Film: { __resolveReference: mediaOf },
  },
};
const ratings: CaseSubgraph = {
  sdl: 'type Query { best: [Media!] } type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int title: String @external shout: String @requires(fields: "title") }',
  resolvers: {
    Query: {
      best: () => [
        { id: 'f1', stars: 9 },
        { id: 'b1', stars: 1 },
      ],
    },
    Media: {
      __resolveReference: (reference: { id: string }) => ({ ...reference, stars: reference.id === 'b1' ? 1 : 9 }),
      shout: ({ title }: { title: string }) => `${title}!`,
    },
  },
};

export const interfaceObjectCases: readonly NamedCase[] = [
  {
    name: 'the type name of an object that is known as an interface only',
    trap: 'The interface\u2019s own name is answered as __typename (simple-interface-object of the gateway audit).',
    subgraphs: { library, ratings },
    operation: { query: '{ best { __typename stars } }' },
    expected: {
      data: {
        best: [
          { __typename: 'Film', stars: 9 },
          { __typename: 'Book', stars: 1 },
        ],
      },
    },
  },
  {
    name: 'a fragment on an implementation below an interface object',
    trap: 'The fragment is dropped because the subgraph does not know the type, or holds for every type.',
    subgraphs: { library, ratings },
    operation: { query: '{ best { ... on Book { pages stars } ... on Film { minutes } } }' },
    expected: { data: { best: [{ minutes: 90 }, { pages: 10, stars: 1 }] } },
  },
  {
    name: 'an interface object\u2019s field for one implementation',
    trap: 'Representations name the implementation, which the other subgraph does not know, or nulls shift the list.',
    subgraphs: { library, ratings },
    operation: { query: '{ all { ... on Book { stars } title } works { ... on Film { stars } ... on Book { pages shout } } }' },
    expected: {
      data: { all: [{ title: 'Film' }, null, { stars: 1, title: 'Book' }], works: [{ pages: 10, shout: 'Book!' }, null, { stars: 9 }] },
    },
    wrongPlanByApollo: 'below a union its plan asks the subgraph of the interface object without the type name',
  },
  {
    name: 'an interface object requires a field of the interface',
    trap: 'The required field is looked for in the implementations\u2019 subgraph under the wrong name (interface-object-with-requires of the gateway audit).',
    subgraphs: { library, ratings },
    operation: { query: '{ best { shout } media { __typename shout } }' },
    expected: { data: { best: [{ shout: 'Film!' }, { shout: 'Book!' }], media: { __typename: 'Book', shout: 'Book!' } } },
  },
  {
    name: 'a field fails for a type that did not ask it',
    trap: 'The type is not known when the field is fetched; its error must not be answered for objects that leave it out.',
    subgraphs: {
      library,
      ratings: {
        sdl: 'type Query { best: [Media!] } type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int }',
        resolvers: {
          Query: { best: () => [{ id: 'f1' }] },
          Media: { __resolveReference: (media: object) => media, stars: failing('no stars') },
        },
      },
    },
    operation: { query: '{ best { title ... on Book { stars } } }' },
    expected: { data: { best: [{ title: 'Film' }] } },
  },
  {
    name: 'an implementation is extended elsewhere',
    trap: 'The way from the interface object to the implementation\u2019s other subgraph is not found (interface-object-indirect-extension of the gateway audit).',
    subgraphs: {
      library,
      ratings,
      authors: {
        sdl: 'type Book @key(fields: "id") { id: ID! author: String }',
        resolvers: { Book: { __resolveReference: byKey([{ id: 'b1', author: 'Ada' }]) } },
      },
    },
    operation: { query: '{ best { id ... on Book { author } } }' },
    expected: { data: { best: [{ id: 'f1' }, { id: 'b1', author: 'Ada' }] } },
  },
];
