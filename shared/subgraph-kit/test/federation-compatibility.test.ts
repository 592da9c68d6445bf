import type { Subgraph } from '@loomgraph/subgraph-kit';
import { createLocalHost } from '@loomgraph/testing';
import type { ExecutionResult } from 'graphql';
import { createCompatibilityProducts } from './support/compatibility-products.js';

/**
 * Apollo's list of what a library must do to be a subgraph
 * (https://github.com/apollographql/apollo-federation-subgraph-compatibility/blob/main/COMPATIBILITY.md), by the list's names. Of
 * it, federated tracing (`ftv1`) is left out: it is optional, and this project traces with OpenTelemetry.
 */
describe('Apollo federation subgraph compatibility', () => {
  let subgraph: Subgraph;
  let sdl: string;
  const run = (query: string): Promise<ExecutionResult> =>
    createLocalHost(subgraph).execute({ query, request: { identity: null, requestId: 'r' } });
  const entities = async (representations: string, selection: string): Promise<unknown> => {
    const { data, errors } = await run(`{ _entities(representations: [${representations}]) { ${selection} } }`);
    expect(errors).toBeUndefined();
    return data?.['_entities'];
  };
  /** What the SDL says of a type between its name and its fields, and its fields. */
  const typeOf = (name: string): { readonly head: string; readonly fields: string } => {
    const found = new RegExp(String.raw`^(type ${name}\b[^{]*(?:"[^"]*"[^{]*)*?) \{\n(.*?)^\}`, 'ms').exec(sdl);
    if (!found) throw new Error(`The SDL has no type ${name}.`);
    const [, head = '', fields = ''] = found;
    return { head, fields };
  };

  beforeAll(async () => {
    subgraph = await createCompatibilityProducts();
    const { data } = await run('{ _service { sdl } }');
    sdl = (data as { _service: { sdl: string } })._service.sdl; // as asked for
  });

  it('_service: introspects to the SDL of the subgraph, with the definitions of what it links', () => {
    expect(sdl.startsWith(subgraph.sdl.trim())).toBe(true);
    expect(sdl).toContain('_entities(representations: [_Any!]!): [_Entity]!');
  });

  it('@link: says which federation it speaks', () => {
    expect(sdl).toMatch(/extend schema @link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.\d+", import: \[[^\]]*"@key"/);
  });

  it('@key single', async () => {
    expect(typeOf('User').head).toContain('@key(fields: "email")');
    expect(await entities('{ __typename: "User", email: "maker@example.com" }', '... on User { email name }')).toEqual([
      { email: 'maker@example.com', name: 'Mary Maker' },
    ]);
  });

  it('@key multi: several fields', async () => {
    expect(typeOf('DeprecatedProduct').head).toContain('@key(fields: "sku package")');
    const representation = '{ __typename: "DeprecatedProduct", sku: "candle-1", package: "home/candle" }';
    expect(await entities(representation, '... on DeprecatedProduct { sku package reason }')).toEqual([
      { sku: 'candle-1', package: 'home/candle', reason: 'It burned' },
    ]);
  });

  it('@key composite: fields of an object', async () => {
    expect(typeOf('ProductResearch').head).toContain('@key(fields: "study { caseNumber }")');
    expect(
      await entities(
        '{ __typename: "ProductResearch", study: { caseNumber: "77" } }',
        '... on ProductResearch { study { caseNumber description } outcome }',
      ),
    ).toEqual([{ study: { caseNumber: '77', description: 'Does it hold' }, outcome: null }]);
  });

  it('@key repeatable: any of them, in order, null for what is unknown', async () => {
    const { head } = typeOf('Product');
    for (const key of ['id', 'sku package', 'sku variation { id }']) expect(head).toContain(`@key(fields: "${key}")`);
    const representations = [
      '{ __typename: "Product", id: "lamp" }',
      '{ __typename: "Product", id: "nothing" }',
      '{ __typename: "Product", sku: "lamp-1", package: "home/lamp" }',
      '{ __typename: "Product", sku: "shelf-1", variation: { id: "WALL" } }',
    ];
    expect(await entities(representations.join(' '), '... on Product { id sku }')).toEqual([
      { id: 'lamp', sku: 'lamp-1' },
      null,
      { id: 'lamp', sku: 'lamp-1' },
      { id: 'shelf', sku: 'shelf-1' },
    ]);
  });

  it('@requires, @external: computes from what another subgraph sent along', async () => {
    const { fields } = typeOf('User');
    expect(fields).toContain('averageProductsCreatedPerYear: Int @requires(fields: "totalProductsCreated yearsOfEmployment")');
    expect(fields).toContain('yearsOfEmployment: Int! @external');
    const representation = '{ __typename: "User", email: "maker@example.com", totalProductsCreated: 30, yearsOfEmployment: 4 }';
    expect(await entities(representation, '... on User { averageProductsCreatedPerYear }')).toEqual([{ averageProductsCreatedPerYear: 8 }]);
  });

  it('@provides: answers a field of another subgraph on this path', async () => {
    expect(typeOf('Product').fields).toContain('createdBy: User @provides(fields: "totalProductsCreated")');
    expect(await run('{ product(id: "lamp") { createdBy { email totalProductsCreated } } }')).toEqual({
      data: { product: { createdBy: { email: 'maker@example.com', totalProductsCreated: 120 } } },
    });
  });

  it('@extends: a type that is another subgraph’s', () => {
    expect(typeOf('User').head).toContain('@federation__extends');
  });

  it('@shareable, @inaccessible: fields that others resolve too, or clients do not see', async () => {
    expect(typeOf('ProductDimension').head).toContain('@shareable');
    expect(typeOf('ProductDimension').fields).toContain('unit: String @inaccessible');
    expect(await run('{ product(id: "lamp") { dimensions { size weight unit } } }')).toEqual({
      data: { product: { dimensions: { size: 'tiny', weight: 2.5, unit: 'kg' } } },
    });
  });

  it('@tag, @override: stand in the SDL', () => {
    expect(typeOf('Product').fields).toContain('notes: String @tag(name: "internal")');
    expect(typeOf('User').fields).toContain('name: String @override(from: "users")');
  });

  it('@composeDirective: a directive of another specification', () => {
    expect(sdl).toContain(
      '@link(url: "https://example.com/custom/v1.0", import: ["@custom"]) @federation__composeDirective(name: "@custom")',
    );
    expect(typeOf('Product').head).toContain('@custom');
  });

  it('@interfaceObject: a field for all types of an interface', async () => {
    expect(typeOf('Inventory').head).toContain('@interfaceObject');
    expect(await entities('{ __typename: "Inventory", id: "north" }', '... on Inventory { id deprecatedProducts { sku } }')).toEqual([
      { id: 'north', deprecatedProducts: [{ sku: 'candle-1' }] },
    ]);
  });
});
