import { parse } from 'graphql';
import { findMixedRequirements } from './mixed-requirements.js';

const hasMixed = findMixedRequirements(`type Product {
  price(in: String): Int
  both: Int @join__field(graph: A, requires: "usd: price(in: \\"USD\\") eur: price(in: \\"EUR\\")")
  inUsd: Int @join__field(graph: A, requires: "price(in: \\"USD\\") size { unit }")
  inEur: Int @join__field(graph: B, requires: "price(in: \\"EUR\\")")
  landed: Int @join__field(graph: B, requires: "inUsd price(in: \\"EUR\\")")
}`);

describe('findMixedRequirements', () => {
  it.each(['{ product { both } }', '{ product { inUsd inEur } }', '{ product { ...F } } fragment F on Product { x: landed }'])(
    'tells that one field is required with several arguments: %s',
    (text) => expect(hasMixed(parse(text))).toBe(true),
  );

  it.each(['{ product { price } }', '{ product { inUsd both: price } }', '{ product { inEur } }'])('leaves others alone: %s', (text) =>
    expect(hasMixed(parse(text))).toBe(false),
  );
});
