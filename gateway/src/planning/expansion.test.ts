import { parse } from 'graphql';
import { assertExpansionWithin } from './expansion.js';

const tooComplex = expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX' });

/** Each fragment spreads the next one ten times: 10^30 selections in 31 lines. */
const billionLaughs = [
  'query { ...F0 }',
  ...Array.from({ length: 30 }, (_, i) => `fragment F${i} on Query { ${`...F${i + 1} `.repeat(10)} }`),
  'fragment F30 on Query { a }',
].join('\n');

describe('assertExpansionWithin', () => {
  it('counts fragments at each place they are used', () => {
    expect(assertExpansionWithin(parse('{ a { ...F } b { ...F ... { c } } } fragment F on T { x y { z } }'))).toEqual({
      selections: 2 + 2 * (1 + 3) + 2,
      depth: 4,
    });
  });

  it('answers the largest operation', () => {
    expect(assertExpansionWithin(parse('query A { a } query B { a b { c } }'))).toEqual({ selections: 3, depth: 2 });
  });

  it('refuses what expands without end in sight, without expanding it', () => {
    expect(() => assertExpansionWithin(parse(billionLaughs))).toThrow(tooComplex);
  });

  it('allows what is at the limit and refuses what is over it', () => {
    const limits = { maxSelections: 4, maxDepth: 3 };
    expect(assertExpansionWithin(parse('{ a { b { c } } d }'), limits)).toEqual({ selections: 4, depth: 3 });
    expect(() => assertExpansionWithin(parse('{ a { b { c } } d e }'), limits)).toThrow(
      'expands to too many selections; at most 4 are allowed',
    );
    expect(() => assertExpansionWithin(parse('{ a { b { c { d } } } }'), limits)).toThrow(
      'nests its selections too deep; at most 3 are allowed',
    );
  });

  it('refuses a fragment that is shallow where it is first met and too deep where it is met again', () => {
    const document = parse('{ ...F a { b { ...F } } } fragment F on T { x { y } }');
    expect(() => assertExpansionWithin(document, { maxSelections: 100, maxDepth: 4 })).toThrow(tooComplex);
    expect(assertExpansionWithin(document, { maxSelections: 100, maxDepth: 5 }).depth).toBe(5);
  });

  it('survives a chain of fragments longer than the stack', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} }`).join('\n');
    expect(() => assertExpansionWithin(parse(`{ ...F0 } ${chain}`))).toThrow(tooComplex);
  });

  it('leaves cycles and unknown fragments to validation', () => {
    expect(assertExpansionWithin(parse('{ ...F ...Gone } fragment F on Query { a ...F }'))).toEqual({ selections: 4, depth: 2 });
  });
});
