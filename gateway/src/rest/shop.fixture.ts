import type { RestRoute } from '@loomgraph/subgraph-kit';
import { buildSchema } from 'graphql';

/** A schema with what routes use of one. */
export const schema = buildSchema(/* GraphQL */ `
  type Query {
    items(filter: ItemFilter, first: Int = 20, tags: [String!]): ItemList!
    item(id: ID!): Item
  }
  type Mutation {
    rate(input: RateInput!): Item
  }
  input ItemFilter {
    "Part of the name."
    nameContains: String
    isCheap: Boolean
    minPrice: Float
    kind: Kind
  }
  input RateInput {
    id: ID!
    "1 to 5."
    stars: Int!
    comment: String = ""
  }
  type ItemList {
    nodes: [Item!]!
    total: Int!
  }
  "A thing."
  type Item {
    id: ID!
    name: String
    kind: Kind!
    parts: [Item!]
  }
  "Which."
  enum Kind {
    "For the house."
    HOUSE
    GARDEN
  }
`);

const ITEM = 'fragment Thing on Item { id title: name kind parts { id } }';

const common = { summary: 'It.', tag: 'Items', status: 200 } as const;
export const list: RestRoute = {
  ...common,
  method: 'GET',
  path: '/items',
  id: 'list',
  operation: `query L($filter: ItemFilter, $first: Int, $tags: [String!]) { items(filter: $filter, first: $first, tags: $tags) { nodes { ...Thing } total } } ${ITEM}`,
  answer: ['items'],
  variables: {
    query: {
      name: 'filter.nameContains',
      cheap: 'filter.isCheap',
      minPrice: 'filter.minPrice',
      kind: 'filter.kind',
      first: 'first',
      tag: 'tags',
    },
  },
};
export const rate: RestRoute = {
  ...common,
  method: 'POST',
  path: '/items/{id}/ratings',
  id: 'rate',
  operation: `mutation R($input: RateInput!) { rate(input: $input) { ...Thing } } ${ITEM}`,
  answer: ['rate'],
  variables: { path: { id: 'input.id' }, body: { stars: 'input.stars', comment: 'input.comment' } },
};
export const absent: RestRoute = {
  ...common,
  method: 'GET',
  path: '/a',
  id: 'absent',
  operation: 'query A { other }',
  answer: ['other'],
  variables: {},
};
