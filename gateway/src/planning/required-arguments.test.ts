import { parse, type ObjectTypeDefinitionNode } from 'graphql';
import type { PlanNode } from './plan.js';
import { withRequiredArguments } from './required-arguments.js';

const SUPERGRAPH = `
  interface Priced { price(currency: String): Float }
  type Product implements Priced @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
    id: ID!
    price(currency: String): Float @join__field(graph: A) @join__field(graph: B, external: true)
    size: Size @join__field(graph: A) @join__field(graph: B, external: true)
    cost: Float @join__field(graph: B, requires: "price(currency: \\"USD\\") size { length(unit: CM) } id")
    total: Float @join__field(graph: B, requires: "price(currency: \\"CHF\\")")
  }
  type Size { length(unit: Unit): Float @join__field(graph: A) @join__field(graph: B, external: true) }
`;

describe('withRequiredArguments', () => {
  const { supergraphSdl, restore } = withRequiredArguments(SUPERGRAPH);
  const fieldsOf = (type: string) => {
    const found = parse(supergraphSdl).definitions.find((one) => 'name' in one && one.name?.value === type) as ObjectTypeDefinitionNode; // it is there
    return found.fields?.map(({ name, directives = [] }) => {
      const joins = directives.map(({ arguments: args = [] }) =>
        args.map(({ value }) => ('value' in value ? String(value.value) : '')).join(' '),
      );
      return `${name.value}: ${joins.join(', ')}`;
    });
  };

  it('gives each field that is required with arguments a field of its own, in the same subgraphs', () => {
    expect(fieldsOf('Product')).toEqual([
      'id: ',
      'price: A',
      'size: A, B true',
      'cost: B _r0_price size { _r1_length } id',
      'total: B _r2_price',
      '_r0_price: A, B true',
      '_r2_price: A, B true',
    ]);
    expect(fieldsOf('Size')).toEqual(['length: A', '_r1_length: A, B true']);
  });

  it('makes them the fields they stand for in a plan', () => {
    const plan: PlanNode = {
      kind: 'sequence',
      nodes: [
        fetch('{product{_r0_price x:_r2_price size{_r1_length}}}'),
        {
          ...fetch('{_entities{cost}}'),
          batches: [
            {
              alias: '_entities',
              representationsVariable: 'representations',
              paths: [['product']],
              requires: [
                {
                  kind: 'fragment',
                  onType: 'Product',
                  selections: [{ kind: 'field', readFrom: ['_r0_price'], writeTo: '_r0_price', selections: undefined }],
                },
              ],
              inputRewrites: [],
              outputRewrites: [],
            },
          ],
        },
      ],
    };
    expect(restore(plan)).toMatchObject({
      nodes: [
        { operation: '{product{_r0_price:price(currency:"USD")x:price(currency:"CHF")size{_r1_length:length(unit:CM)}}}' },
        { batches: [{ requires: [{ selections: [{ readFrom: ['_r0_price'], writeTo: 'price' }] }] }] },
      ],
    });
  });

  it('leaves a supergraph without such fields as it is', () => {
    const sdl = 'type A { x: Int @join__field(graph: B, requires: "y { z }") }';
    expect(withRequiredArguments(sdl).supergraphSdl).toBe(sdl);
  });
});

function fetch(operation: string): PlanNode & { kind: 'fetch' } {
  return {
    kind: 'fetch',
    subgraph: 'a',
    operation,
    operationName: undefined,
    operationKind: 'query',
    variables: [],
    batches: undefined,
    outputRewrites: [],
  };
}
