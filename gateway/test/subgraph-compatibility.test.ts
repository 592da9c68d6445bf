import type { SubgraphSource } from '@loomgraph/gateway';
import type { Subgraph } from '@loomgraph/subgraph-kit';
import { createCompatibilityProducts } from '../../shared/subgraph-kit/test/support/compatibility-products.js';
import { engineSettings, startEngine } from './support/engine-run.js';
import { sdlSubgraph } from './support/sample-subgraphs.js';
import { host } from './support/servers.js';
import { startGateway, type TestGateway } from './support/start-gateway.js';

/** Another value for what `products` provides, so that it shows whose was taken. */
const USER = { email: 'maker@example.com', name: 'Out of date', totalProductsCreated: 121, yearsOfEmployment: 10 };

function createUsers(): Subgraph {
  return sdlSubgraph(
    'users',
    `type User @key(fields: "email") { email: ID! name: String totalProductsCreated: Int @shareable yearsOfEmployment: Int! }
     type Query { newest: User }`,
    {
      Query: { newest: () => USER },
      User: { __resolveReference: ({ email }: { email: string }) => (email === USER.email ? USER : null) },
    },
  );
}

function createInventory(): Subgraph {
  const warehouse = (id: string) => ({ __typename: 'Warehouse', id, city: 'Bern' });
  return sdlSubgraph(
    'inventory',
    `type Product @key(fields: "id") {
       id: ID!
       dimensions: ProductDimension @external
       delivery(zip: String): Delivery @requires(fields: "dimensions { size weight }")
     }
     type ProductDimension @shareable { size: String weight: Float }
     type Delivery { estimated: String fastest: String }
     interface Inventory @key(fields: "id") { id: ID! }
     type Warehouse implements Inventory @key(fields: "id") { id: ID! city: String }
     type Query { inventories: [Inventory!]! }`,
    {
      Query: { inventories: () => ['north', 'south'].map(warehouse) },
      Inventory: { __resolveReference: ({ id }: { id: string }) => warehouse(id), __resolveType: () => 'Warehouse' },
      Warehouse: { __resolveReference: ({ id }: { id: string }) => warehouse(id) },
      Product: {
        __resolveReference: (reference: object) => reference,
        delivery: ({ dimensions: { size, weight } }: { dimensions: { size: string; weight: number } }, { zip }: { zip: string }) => ({
          estimated: `${size}, ${weight} to ${zip}`,
          fastest: 'now',
        }),
      },
    },
  );
}

/** The compatibility list again, as a gateway uses it: `products` beside the two subgraphs that Apollo's suite puts there. */
describe.each<[SubgraphSource['kind'], 'hive' | 'apollo']>([
  ['local', 'hive'],
  ['remote', 'hive'],
  ['local', 'apollo'],
])('Apollo federation subgraph compatibility: products %s, planned by %s', (kind, planner) => {
  let opened: AsyncDisposableStack;
  let test: TestGateway;
  beforeAll(async () => {
    opened = new AsyncDisposableStack();
    const products = opened.use(await host(kind, await createCompatibilityProducts()));
    const others = [createUsers(), createInventory()].map((subgraph) => ({ kind: 'local' as const, subgraph }));
    test = opened.use(await startGateway([products.source, ...others], { settings: { engine: { ...engineSettings, planner } } }));
  });
  afterAll(() => opened.disposeAsync());

  it.each([
    ['@key single, @override', '{ newest { name } }', { newest: { name: 'Mary Maker' } }],
    [
      '@requires of a value from another subgraph',
      '{ newest { email averageProductsCreatedPerYear } }',
      { newest: { email: 'maker@example.com', averageProductsCreatedPerYear: 12 } },
    ],
    [
      '@provides: the value of the path, without asking its owner',
      '{ product(id: "lamp") { createdBy { totalProductsCreated } } newest { totalProductsCreated } }',
      { product: { createdBy: { totalProductsCreated: 120 } }, newest: { totalProductsCreated: 121 } },
    ],
    [
      '@requires of an object, @shareable, @external',
      '{ product(id: "lamp") { dimensions { size } delivery(zip: "3000") { estimated fastest } } }',
      { product: { dimensions: { size: 'tiny' }, delivery: { estimated: 'tiny, 2.5 to 3000', fastest: 'now' } } },
    ],
    [
      '@key multi and composite',
      '{ deprecatedProduct(sku: "candle-1", package: "home/candle") { reason createdBy { name yearsOfEmployment } } product(id: "shelf") { research { study { caseNumber } outcome } } }',
      {
        deprecatedProduct: { reason: 'It burned', createdBy: { name: 'Mary Maker', yearsOfEmployment: 10 } },
        product: { research: [{ study: { caseNumber: '78' }, outcome: 'It does' }] },
      },
    ],
    [
      '@interfaceObject: a field of every type of the interface',
      '{ inventories { __typename id ... on Warehouse { city } deprecatedProducts { sku } } }',
      {
        inventories: ['north', 'south'].map((id) => ({
          __typename: 'Warehouse',
          id,
          city: 'Bern',
          deprecatedProducts: [{ sku: 'candle-1' }],
        })),
      },
    ],
    [
      '@inaccessible: not in the schema of clients',
      '{ __type(name: "ProductDimension") { fields { name } } }',
      { __type: { fields: [{ name: 'size' }, { name: 'weight' }] } },
    ],
    ['@tag: says nothing to clients', '{ product(id: "lamp") { notes } }', { product: { notes: 'sells well' } }],
  ])('%s', async (_feature, query, data) => {
    expect(await test.ask(query)).toEqual({ data });
  });

  it('@inaccessible: refused to clients', async () => {
    const { errors } = await test.ask('{ product(id: "lamp") { dimensions { unit } } }');
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });
});

it('@composeDirective, @tag: stand in the supergraph', async () => {
  await using engine = await startEngine([await createCompatibilityProducts(), createUsers(), createInventory()]);
  const { supergraphSdl } = engine.supergraph.current();
  expect(supergraphSdl).toContain('@link(url: "https://example.com/custom/v1.0", import: ["@custom"])');
  expect(supergraphSdl).toMatch(/^type Product\n(?: {2}@.*\n)*? {2}@custom$/m);
  expect(supergraphSdl).toMatch(/notes: String @join__field\(graph: PRODUCTS\) @tag\(name: "internal"\)/);
});
