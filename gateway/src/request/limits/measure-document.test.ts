import { parse } from 'graphql';
import { defaultDocumentLimits, type DocumentLimits } from './document-limits.js';
import { measureDocument } from './measure-document.js';

const limits = (changed: Partial<DocumentLimits> = {}): DocumentLimits => ({ ...defaultDocumentLimits, ...changed });
const measure = (source: string, changed?: Partial<DocumentLimits>): unknown => measureDocument(parse(source), limits(changed));
const tooMuch = (limit: string): string => expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX', limit });

/** Each fragment spreads the next one ten times: 10^30 selections in 31 lines. */
const billionLaughs = [
  'query { ...F0 }',
  ...Array.from({ length: 30 }, (_, i) => `fragment F${i} on Query { ${`...F${i + 1} `.repeat(10)} }`),
  'fragment F30 on Query { a }',
].join('\n');

describe('measureDocument', () => {
  it('counts fragments at each place they are used', () => {
    expect(measure('{ a { ...F } b { ...F ... { c } } } fragment F on T { x y { z } }')).toEqual({
      selections: 2 + 2 * (1 + 3) + 2,
      depth: 4,
      aliases: 0,
      directives: 0,
      rootFields: 2,
    });
  });

  it('counts aliases, directives and root fields at each place they are used', () => {
    const source = `query Q($a: Boolean! @d) @d { ...F b { ...F } ... @d { z: c } }
      fragment F on Query @d { x: a @d y: a @include(if: $a) }`;
    expect(measure(source)).toEqual({
      selections: 3 + 2 + 2 + 1 + 1,
      depth: 3,
      aliases: 2 * 2 + 1,
      directives: 2 + 2 * 3 + 1,
      rootFields: 4,
    });
  });

  it('answers the largest operation', () => {
    expect(measure('query A { a } query B { a b { c } }')).toMatchObject({ selections: 3, depth: 2, rootFields: 2 });
  });

  it('refuses what expands without end in sight, without expanding it', () => {
    expect(() => measure(billionLaughs)).toThrow(tooMuch('selections'));
  });

  it.each<[limit: string, changed: Partial<DocumentLimits>, allowed: string, refused: string, message: string]>([
    ['operations', { maxOperations: 1 }, '{ a }', 'query A { a } query B { b }', 'The document holds 2 operations; at most 1 are allowed.'],
    [
      'fragments',
      { maxFragments: 1 },
      '{ ...F } fragment F on Q { a }',
      '{ ...F ...G } fragment F on Q { a } fragment G on Q { b }',
      'The document defines 2 fragments; at most 1 are allowed.',
    ],
    [
      'depth',
      { maxDepth: 3 },
      '{ a { b { c } } d }',
      '{ a { b { c { d } } } }',
      'The operation nests its selections 4 or more levels deep; at most 3 are allowed.',
    ],
    [
      'selections',
      { maxSelections: 4 },
      '{ a { b { c } } d }',
      '{ a { b { c } } d e }',
      'The operation expands to 5 or more selections; at most 4 are allowed.',
    ],
    ['aliases', { maxAliases: 1 }, '{ x: a b }', '{ x: a y: a }', 'The operation comes to 2 or more aliases; at most 1 are allowed.'],
    [
      'rootFields',
      { maxRootFields: 2 },
      '{ a { c d e } b }',
      '{ a ...F } fragment F on Q { b ... { c } }',
      'The operation selects 3 fields at its root; at most 2 are allowed.',
    ],
    [
      'directives',
      { maxDirectivesPerPlace: 1 },
      '{ a @x b @x }',
      '{ a @x @y }',
      'One place of the document has 2 directives; at most 1 are allowed.',
    ],
    [
      'directives',
      { maxDirectives: 2 },
      '{ a @x b @x }',
      '{ a @x b @x c @x }',
      'The operation comes to 3 or more directives; at most 2 are allowed.',
    ],
    [
      'listSize',
      { maxListSize: 2 },
      '{ a(x: [1, 2]) }',
      '{ a(x: { y: [[1, 2, 3]] }) }',
      'A list in the document holds 3 items; at most 2 are allowed.',
    ],
  ])('%s: allows what is at the limit and refuses what is over it', (limit, changed, allowed, refused, message) => {
    expect(() => measure(allowed, changed)).not.toThrow();
    expect(() => measure(refused, changed)).toThrow(tooMuch(limit));
    expect(() => measure(refused, changed)).toThrow(message);
  });

  it('a limit that is off counts and allows everything', () => {
    const off = {
      maxAliases: Infinity,
      maxRootFields: Infinity,
      maxDirectives: Infinity,
      maxDirectivesPerPlace: Infinity,
      maxListSize: Infinity,
    };
    const source = `{ ${Array.from({ length: 900 }, (_, index) => `a${index}: a(x: [${'1,'.repeat(2_000)}]) ${'@d '.repeat(20)}`).join(' ')} }`;
    expect(measure(source, off)).toMatchObject({ aliases: 900, directives: 18_000, rootFields: 900 });
  });

  it('looks into default values and the arguments of directives', () => {
    for (const source of ['query($x: [Int] = [1, 2, 3]) { a }', '{ a @d(x: [1, 2, 3]) }', 'fragment F on Q @d(x: [1, 2, 3]) { a } { a }']) {
      expect(() => measure(source, { maxListSize: 2 })).toThrow(tooMuch('listSize'));
    }
  });

  it('survives a chain of fragments longer than the stack', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} }`).join('\n');
    expect(() => measure(`{ ...F0 } ${chain}`, { maxFragments: Infinity })).toThrow(tooMuch('depth'));
  });

  it('leaves cycles and unknown fragments to validation', () => {
    expect(measure('{ ...F ...Gone } fragment F on Query { a ...F }')).toMatchObject({ selections: 4, depth: 2 });
  });

  it('refuses in fragments that no operation uses, too: they are validated all the same', () => {
    expect(() => measure(`{ a } fragment F on Q { a ${'@d '.repeat(20)} }`)).toThrow(tooMuch('directives'));
  });
});

describe('published bypasses of such limits', () => {
  it('graphql-armor #824, #823: a fragment that is shallow where it is first met and too deep where it is met again', () => {
    const source = '{ ...F a { b { ...F } } } fragment F on T { x { y } }';
    expect(() => measure(source, { maxDepth: 4 })).toThrow(tooMuch('depth'));
    expect(measure(source, { maxDepth: 5 })).toMatchObject({ depth: 5 });
  });

  it.each(['__schema', '__type', '__typename', 'IntrospectionQuery'])(
    'GHSA-733v-p3h5-qpq7: an operation, a fragment or an alias named %s counts like any other',
    (name) => {
      const deep = '{ a { b { c { d } } } }';
      expect(() => measure(`query ${name} ${deep}`, { maxDepth: 3 })).toThrow(tooMuch('depth'));
      expect(() => measure(`{ ...${name} } fragment ${name} on Q ${deep}`, { maxDepth: 3 })).toThrow(tooMuch('depth'));
      expect(() => measure(`{ ${name}: a { b { c { d { e } } } } }`, { maxDepth: 3 })).toThrow(tooMuch('depth'));
    },
  );

  it('graphql-armor #767, #738: aliases of __typename count', () => {
    const aliases = Array.from({ length: 201 }, (_, index) => `a${index}: __typename`).join(' ');
    expect(() => measure(`{ ...F } fragment F on Q { ${aliases} }`, { maxRootFields: Infinity })).toThrow(tooMuch('aliases'));
  });

  it('graphql-armor #767: aliases in a fragment count at each place the fragment is used', () => {
    expect(() => measure('{ a { ...F } b { ...F } c { ...F } } fragment F on T { x: d }', { maxAliases: 2 })).toThrow(tooMuch('aliases'));
  });

  it('CVE-2022-37734, CVE-2024-47614: directives without end at one place, none of which need exist', () => {
    expect(() => measure(`{ __typename ${'@aa'.repeat(7_000)} }`)).toThrow(tooMuch('directives'));
    expect(() => measure(`query ${'@aa'.repeat(7_000)} { __typename }`)).toThrow(tooMuch('directives'));
  });

  it('GHSA-q2f9-x4p4-7xmh, CVE-2025-32030, -32031, -32032, -32034, -32380: fragments that fan out', () => {
    const fan = (width: number, depth: number): string =>
      Array.from({ length: depth }, (_, i) => `fragment F${i} on Q { a ${`...F${i + 1} `.repeat(width)} }`).join(' ');
    for (const [width, depth] of [
      [2, 40],
      [100, 3],
      [3_000, 2],
    ] as const) {
      const startedAt = performance.now();
      expect(() => measure(`{ ...F0 } ${fan(width, depth)} fragment F${depth} on Q { a }`)).toThrow(tooMuch('selections'));
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    }
  });

  it('CVE-2022-31173: fragments nested in fragments, as deep as one likes', () => {
    const nested = Array.from({ length: 400 }, (_, i) => `fragment F${i} on Q { a { ...F${i + 1} } }`).join(' ');
    expect(() => measure(`{ ...F0 } ${nested} fragment F400 on Q { a }`)).toThrow(tooMuch('depth'));
  });
});
