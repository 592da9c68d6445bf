import { byKey, failing, type CaseSubgraph, type NamedCase } from './named-case.ts';

const works = [
  { __typename: 'Book', id: 'b1', title: 'Book', pages: 10, isbn: 'i1' },
  { __typename: 'Film', id: 'f1', title: 'Film', minutes: 90 },
];
const workOf = ({ id }: { id: string }) => works.find((one) => one.id === id) ?? null;

/** Knows the works by their types. */
const library: CaseSubgraph = {
  sdl: `type Query { works: [Work] owner: Owner }
    union Work = Book | Film
    union Owner = Firm | Person
    type Firm { owner: Owner }
    type Person @key(fields: "id") { id: ID! }
    interface Node { id: ID! }
    interface Media @key(fields: "id") { id: ID! title: String! maker: Person }
    type Book implements Media & Node @key(fields: "id") { id: ID! title: String! maker: Person pages: Int isbn: String! }
    type Film implements Media & Node @key(fields: "id") { id: ID! title: String! maker: Person minutes: Int }
    type Song implements Media @key(fields: "id") { id: ID! title: String! maker: Person }`,
  resolvers: {
    Query: { works: () => works, owner: () => ({ __typename: 'Firm', owner: { __typename: 'Person', id: 'p1' } }) },
    Media: { __resolveReference: workOf },
    Book: { __resolveReference: workOf, maker: () => ({ id: 'p1' }), isbn: failing('no ISBN') },
    Film: { __resolveReference: workOf, maker: () => ({ id: 'p2' }) },
  },
};
/** Knows them as one interface object. */
const shelf: CaseSubgraph = {
  sdl: `type Query { shelved: [Media] }
    type Person @key(fields: "id") { id: ID! age: Int @external trust: Int @requires(fields: "age") favourite: Media }
    type Media @interfaceObject @key(fields: "id") {
      id: ID! title: String! @external place: Int blurb: String @requires(fields: "title") notes: [String!]!
    }`,
  resolvers: {
    Query: { shelved: () => works.map(({ id }) => ({ id })) },
    Person: {
      __resolveReference: (person: object) => person,
      favourite: () => ({ id: 'f1' }),
      trust: ({ age }: { age: number }) => age * 2,
    },
    Media: {
      __resolveReference: (media: object) => media,
      place: ({ id }: { id: string }) => (id === 'b1' ? 1 : 2),
      blurb: ({ title }: { title: string }) => `About ${title}`,
      notes: ({ id }: { id: string }) => [id],
    },
  },
};
const people: CaseSubgraph = {
  sdl: 'type Person @key(fields: "id") { id: ID! age: Int }',
  resolvers: {
    Person: {
      __resolveReference: byKey([
        { id: 'p1', age: 1 },
        { id: 'p2', age: 2 },
      ]),
    },
  },
};
const subgraphs = { library, shelf, people };

/** Operations that one or both of the other planners refuse or plan wrongly. */
export const refusedPlanCases: readonly NamedCase[] = [
  {
    name: 'a required field below an interface object below a union below a union',
    trap: 'One planner expects a single parent, the other an edge for the type name (as in apollographql/router#8127).',
    subgraphs,
    operation: {
      query: '{ owner { ... on Firm { owner { ... on Person { favourite { ... on Node { __typename } maker { trust } } } } } } }',
    },
    expected: { data: { owner: { owner: { favourite: { __typename: 'Film', maker: { trust: 4 } } } } } },
    wrongPlanByApollo: 'it finds none',
  },
  {
    name: 'a field for one type stands beside a requirement for another',
    trap: 'Both go into one fetch, whose representations lack the required field where it was not fetched: neither is answered.',
    subgraphs,
    operation: { query: '{ works { ... on Book { notes } ... on Film { blurb maker { trust } } } }' },
    expected: { data: { works: [{ notes: ['b1'] }, { blurb: 'About Film', maker: { trust: 4 } }] } },
    wrongPlanByApollo: 'it merges the two',
  },
  {
    name: 'one subgraph has a field of two types, of one of them not null',
    trap: 'Both are asked for in one fetch under one key, which a subgraph that validates refuses.',
    subgraphs: {
      a: {
        sdl: `type Query { sold: [Sold] } union Sold = Pen | Box type Pen @key(fields: "id") { id: ID! } type Box @key(fields: "id") { id: ID! }`,
        resolvers: {
          Query: {
            sold: () => [
              { __typename: 'Pen', id: 'p' },
              { __typename: 'Box', id: 'b' },
            ],
          },
        },
      },
      b: {
        sdl: `interface Named { name: String } type Pen implements Named @key(fields: "id") { id: ID! name: String! }
          type Box implements Named @key(fields: "id") { id: ID! name: String }`,
        resolvers: {
          Pen: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Pen' }) },
          Box: { __resolveReference: ({ id }: { id: string }) => ({ id, name: null }) },
        },
      },
    },
    operation: { query: '{ sold { ... on Named { name } } }' },
    expected: { data: { sold: [{ name: 'Pen' }, { name: null }] } },
  },
  {
    name: 'a field of an interface object for one type and its key for all',
    trap: 'The subgraph of the interface object is told of an implementation, which it does not have.',
    subgraphs,
    operation: { query: '{ shelved { ... on Book { place } ... on Node { id } } }' },
    expected: { data: { shelved: [{ place: 1, id: 'b1' }, { id: 'f1' }] } },
    wrongPlanByApollo: 'it finds none',
  },
  {
    name: 'a field fails in the fetch that tells the type of the object',
    trap: 'Without the type nothing tells that the failed field was to be there: the object is answered as if it had not been asked.',
    subgraphs,
    operation: { query: '{ shelved { place ... on Book { isbn } } }' },
    expected: { data: { shelved: [null, { place: 2 }] }, errors: [{ message: 'no ISBN', path: ['shelved', 0, 'isbn'] }] },
    wrongPlanByApollo: 'it asks for both in one fetch',
  },
  ...[true, false].map((isOuter): NamedCase => ({
    name: `a field that may not be null under two conditions, $outer ${isOuter}`,
    trap: 'The outer condition is lost, and the field, which nobody asked for, fails and costs the object.',
    subgraphs: {
      a: {
        sdl: 'type Query { people: [Named] } interface Named { name: String } type User implements Named { name: String mentor: User! }',
        resolvers: { Query: { people: () => [{ __typename: 'User', name: 'x' }] }, User: { mentor: failing('no mentor') } },
      },
    },
    operation: {
      query:
        'query ($inner: Boolean!, $outer: Boolean!) { people { name ... on User @include(if: $outer) { mentor @include(if: $inner) { __typename } } } }',
      variables: { inner: true, outer: isOuter },
    },
    expected: isOuter
      ? { data: { people: [null] }, errors: [{ message: 'no mentor', path: ['people', 0, 'mentor'] }] }
      : { data: { people: [{ name: 'x' }] } },
  })),
  {
    name: 'a condition excludes a field and what it requires',
    trap: 'A sibling from the same fetch is lost, as its representation lacks what was rightly not fetched (apollographql/router#9849).',
    subgraphs: {
      a: {
        sdl: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! }',
        resolvers: { Query: { item: () => ({ id: '1' }) } },
      },
      b: {
        sdl: 'type Item @key(fields: "id") { id: ID! weight: Int! }',
        resolvers: { Item: { __resolveReference: byKey([{ id: '1', weight: 3 }]) } },
      },
      c: {
        sdl: 'type Item @key(fields: "id") { id: ID! weight: Int! @external cost: Int @requires(fields: "weight") stock: Int }',
        resolvers: {
          Item: { __resolveReference: (item: object) => item, cost: ({ weight }: { weight: number }) => weight * 2, stock: () => 7 },
        },
      },
    },
    operation: { query: 'query ($no: Boolean!) { item { stock cost @include(if: $no) } }', variables: { no: false } },
    expected: { data: { item: { stock: 7 } } },
  },
  {
    name: 'an object is selected with a condition in a fragment and without outside',
    trap: 'The condition comes to hold for both (apollographql/router#3503).',
    subgraphs: {
      a: {
        sdl: 'type Query { dummy: Dummy other: Int } type Dummy { plain: String! skipped: String! }',
        resolvers: { Query: { dummy: () => ({ plain: 'p', skipped: 's' }), other: () => 1 } },
      },
    },
    operation: {
      query: 'query ($no: Boolean!) { ...F dummy { plain } other } fragment F on Query { dummy @skip(if: $no) { skipped } }',
      variables: { no: true },
    },
    expected: { data: { dummy: { plain: 'p' }, other: 1 } },
  },
  {
    name: 'a requirement selects fields of the types behind an entity interface',
    trap: 'Fetches for the types and for the interface are merged, and no plan is found (graphql-hive/router#1308).',
    subgraphs: {
      catalog: {
        sdl: `type Query { cage: Cage } type Cage @key(fields: "id") { id: ID! animals: [Animal!] }
          interface Animal @key(fields: "id") { id: ID! name: String }
          type Dog implements Animal @key(fields: "id") { id: ID! name: String }
          type Cat implements Animal @key(fields: "id") { id: ID! name: String whiskers: Int }`,
        resolvers: {
          Query: { cage: () => ({ id: '1' }) },
          Cage: {
            animals: () => [
              { __typename: 'Dog', id: 'd' },
              { __typename: 'Cat', id: 'c', whiskers: 12 },
            ],
          },
        },
      },
      training: {
        sdl: 'type Dog @key(fields: "id") { id: ID! tricks: Int }',
        resolvers: { Dog: { __resolveReference: byKey([{ id: 'd', tricks: 3 }]) } },
      },
      clinic: {
        sdl: `type Cage @key(fields: "id") {
            id: ID! animals: [Animal!] @external score: Int @requires(fields: "animals { ... on Dog { tricks } ... on Cat { whiskers } }")
          }
          interface Animal { id: ID! }
          type Dog implements Animal @key(fields: "id") { id: ID! tricks: Int @external }
          type Cat implements Animal @key(fields: "id") { id: ID! whiskers: Int @external }`,
        resolvers: {
          Cage: {
            __resolveReference: (cage: object) => cage,
            score: ({ animals }: { animals: { tricks?: number; whiskers?: number }[] }) =>
              animals.reduce((sum, { tricks = 0, whiskers = 0 }) => sum + tricks * 100 + whiskers, 0),
          },
        },
      },
    },
    operation: { query: '{ cage { score } }' },
    expected: { data: { cage: { score: 312 } } },
  },
  {
    name: 'a shared value of an interface\u2019s field is complete by way of its types only',
    trap: 'The interface\u2019s own field leads to a part of the value, and no plan is found for the rest (apollographql/federation#2246).',
    subgraphs: {
      a: {
        sdl: `type Query { one: Thing } interface Thing { spec: Spec } type Spec @shareable { x: Int }
          type Box implements Thing @key(fields: "id") { id: ID! spec: Spec @shareable }`,
        resolvers: { Query: { one: () => ({ __typename: 'Box', id: '1', spec: { x: 1 } }) } },
      },
      b: {
        sdl: 'type Spec @shareable { x: Int y: Int } type Box @key(fields: "id") { id: ID! spec: Spec @shareable }',
        resolvers: { Box: { __resolveReference: () => ({ id: '1', spec: { x: 1, y: 2 } }) } },
      },
    },
    operation: { query: '{ one { spec { x y } } }' },
    expected: { data: { one: { spec: { x: 1, y: 2 } } } },
  },
  {
    name: 'a fragment on an interface of an interface object that cannot be resolved',
    trap: 'The plan needs an edge for the type name that is not there (apollographql/router#8127).',
    subgraphs: {
      a: {
        sdl: 'type Query { mine: [Vehicle]! } type Vehicle @interfaceObject @key(fields: "id", resolvable: false) { id: ID! }',
        resolvers: { Query: { mine: () => [{ id: 'bike' }, { id: 'boat' }] } },
      },
      b: {
        sdl: `interface Vehicle @key(fields: "id") { id: ID! colour: String }
          interface LandVehicle implements Vehicle { id: ID! colour: String wheels: Int! }
          type Bike implements LandVehicle & Vehicle @key(fields: "id") { id: ID! colour: String wheels: Int! }
          type Boat implements Vehicle @key(fields: "id") { id: ID! colour: String }`,
        resolvers: {
          Vehicle: {
            __resolveReference: ({ id }: { id: string }) =>
              id === 'bike' ? { __typename: 'Bike', id, colour: 'red', wheels: 2 } : { __typename: 'Boat', id, colour: 'blue' },
          },
          Bike: { __resolveReference: ({ id }: { id: string }) => ({ id, colour: 'red', wheels: 2 }) },
          Boat: { __resolveReference: ({ id }: { id: string }) => ({ id, colour: 'blue' }) },
        },
      },
    },
    operation: { query: '{ mine { id ... on LandVehicle { wheels } ... on Boat { colour } } }' },
    expected: {
      data: {
        mine: [
          { id: 'bike', wheels: 2 },
          { id: 'boat', colour: 'blue' },
        ],
      },
    },
    wrongPlanByApollo: 'the fault was found in its planner',
  },
  {
    name: 'a field is of several types in a subgraph and of one in the supergraph',
    trap: 'Asked for each type under one key, the two conflict, and the subgraph refuses the whole fetch.',
    subgraphs: {
      a: {
        sdl: `type Query { all: [Named] } interface Named { name: String }
          type Left implements Named @key(fields: "id") { id: ID! name: String! @shareable } type Right implements Named { name: String }`,
        resolvers: {
          Query: {
            all: () => [
              { __typename: 'Left', id: '1', name: 'l' },
              { __typename: 'Right', name: 'r' },
            ],
          },
        },
      },
      b: {
        sdl: 'type Left @key(fields: "id") { id: ID! name: String @shareable size: Int }',
        resolvers: { Left: { __resolveReference: byKey([{ id: '1', name: 'l', size: 3 }]) } },
      },
    },
    operation: {
      query: 'query ($no: Boolean!) { all { name @include(if: $no) ... on Left { name size } ... on Right { other: name } } }',
      variables: { no: false },
    },
    expected: { data: { all: [{ name: 'l', size: 3 }, { other: 'r' }] } },
  },
];
