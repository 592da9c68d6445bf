import { buildASTSchema, buildSchema, parse } from 'graphql';
import { fieldOwners } from './field-owners.js';

const supergraph = buildASTSchema(
  parse(`
    directive @join__graph(name: String!, url: String!) on ENUM_VALUE
    directive @join__type(graph: join__Graph!, key: String) repeatable on OBJECT | INTERFACE
    directive @join__field(graph: join__Graph, external: Boolean, usedOverridden: Boolean) repeatable on FIELD_DEFINITION
    directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT
    enum join__Graph { CATALOG @join__graph(name: "catalog", url: "") REVIEWS @join__graph(name: "Reviews v2", url: "") }
    type Query @join__type(graph: CATALOG) @join__type(graph: REVIEWS) { product: Product @join__field(graph: CATALOG) }
    type Product @join__type(graph: CATALOG, key: "id") @join__type(graph: REVIEWS, key: "id") {
      id: ID!
      weight: Int @join__field(graph: CATALOG) @join__field(graph: REVIEWS, external: true)
      price: Int @join__field(graph: CATALOG, usedOverridden: true) @join__field(graph: REVIEWS)
      similar: [Product] @join__field(graph: CATALOG) @tag(name: "store:vectors") @tag(name: "public")
      maker: Maker @join__field(graph: REVIEWS)
    }
    type Maker @join__type(graph: REVIEWS) @tag(name: "store:graph") { name: String }
  `),
  { assumeValid: true },
);
const apiSchema = buildSchema(
  'type Query { product: Product } type Product { id: ID! weight: Int price: Int similar: [Product] maker: Maker } type Maker { name: String }',
);

describe('fieldOwners', () => {
  it('names the subgraphs that resolve each field, once, and the stores as far as they are known', () => {
    const document = parse(
      'query { a: product { ...P similar { id } } __schema { types { name } } } fragment P on Product { __typename id weight price maker { name } }',
    );
    const storesOf = new Map([['catalog', ['relational (pg)', 'cache (redis)']]]);
    expect(fieldOwners({ document, apiSchema, supergraph, storesOf })).toEqual([
      { field: 'Query.product', subgraphs: ['catalog'], stores: ['relational (pg)', 'cache (redis)'] },
      { field: 'Product.similar', subgraphs: ['catalog'], stores: ['vectors'] },
      { field: 'Product.id', subgraphs: ['catalog', 'Reviews v2'], stores: ['relational (pg)', 'cache (redis)'] },
      { field: 'Product.weight', subgraphs: ['catalog'], stores: ['relational (pg)', 'cache (redis)'] },
      { field: 'Product.price', subgraphs: ['Reviews v2'], stores: 'unknown' },
      { field: 'Product.maker', subgraphs: ['Reviews v2'], stores: 'unknown' },
      { field: 'Maker.name', subgraphs: ['Reviews v2'], stores: ['graph'] },
    ]);
  });
});
