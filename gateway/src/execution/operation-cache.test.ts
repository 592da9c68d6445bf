import { createOperationCache } from './operation-cache.js';

const create = (maxBytes: number) => {
  const outcomes: string[] = [];
  const metrics = { hit: () => outcomes.push('hit'), miss: () => outcomes.push('miss') };
  return { cache: createOperationCache<{ text: string }>({ maxBytes, metrics }), outcomes };
};

describe('operation cache', () => {
  it('finds what was kept by text and name, and shares what has one normal form', () => {
    const { cache, outcomes } = create(1_000_000);
    const operation = { text: 'query A { a }' };
    cache.keep('query A{a}', undefined, operation);
    cache.keep('query A { a } query B { b }', 'A', operation);
    expect([cache.find('query A{a}', undefined), cache.find('query A { a } query B { b }', 'A')]).toEqual([operation, operation]);
    expect([cache.find('query A { a } query B { b }', 'B'), cache.findNormal('query A { a }')]).toEqual([undefined, operation]);
    expect(outcomes).toEqual(['hit', 'hit', 'miss']);
  });

  it('keeps within its memory, dropping what was used least recently', () => {
    const { cache } = create(20_000);
    for (let i = 0; i < 100; i++) cache.keep(`{ a${i} }`, undefined, { text: `{ a${i} }` });
    expect(cache.find('{ a0 }', undefined)).toBeUndefined();
    expect(cache.find('{ a99 }', undefined)).toBeDefined();
    expect(cache.recent(1)).toEqual([{ query: '{ a99 }', operationName: undefined }]);
    expect(cache.recent(1_000).length).toBeLessThan(30);
  });

  it('does not keep what alone is larger than its memory', () => {
    const { cache } = create(2_000);
    const text = 'x'.repeat(10_000);
    cache.keep(text, undefined, { text });
    expect(cache.find(text, undefined)).toBeUndefined();
  });
});
