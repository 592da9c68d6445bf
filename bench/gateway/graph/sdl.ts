/** The four subgraphs' contracts. Shape and names follow the public gateways benchmark, so that figures can be set beside its. */
export const SUBGRAPHS = ['accounts', 'inventory', 'products', 'reviews'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

const link = (...names: string[]): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${names.map((name) => `"@${name}"`).join(', ')}])\n`;

export const SDL: Readonly<Record<SubgraphName, string>> = {
  accounts: `${link('key', 'shareable')}
    type Query {
      me: User
      user(id: ID!): User
      users(first: Int = 6): [User!]!
    }
    type User @key(fields: "id") {
      id: ID!
      name: String!
      username: String! @shareable
      birthday: Int
    }`,

  inventory: `${link('key', 'external', 'requires')}
    type Product @key(fields: "upc") {
      upc: String!
      price: Int @external
      weight: Int @external
      inStock: Boolean
      warehouse: String
      shippingEstimate: Int @requires(fields: "price weight")
    }`,

  products: `${link('key')}
    type Query {
      product(upc: String!): Product
      products(first: Int = 1000, offset: Int = 0): [Product!]!
      topProducts(first: Int = 5): [Product!]!
    }
    type Product @key(fields: "upc") {
      upc: String!
      name: String!
      price: Int
      weight: Int
      category: Category!
      tags: [String!]!
      box: Box
    }
    type Box {
      height: Int!
      width: Int!
    }
    enum Category {
      FURNITURE
      KITCHEN
      GARDEN
      LIGHTING
    }`,

  reviews: `${link('key', 'external', 'provides')}
    type Query {
      review(id: ID!): Review
      latestReviews(first: Int = 10): [Review!]!
    }
    type Review @key(fields: "id") {
      id: ID!
      body: String!
      rating: Int!
      author: User! @provides(fields: "username")
      product: Product!
    }
    type User @key(fields: "id") {
      id: ID!
      username: String! @external
      reviews(first: Int = 10): [Review!]!
    }
    type Product @key(fields: "upc") {
      upc: String!
      reviews(first: Int = 10): [Review!]!
    }`,
};
