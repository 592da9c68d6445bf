import { newestPerKey } from './newest.js';

const item = (id: string, revision: number, name = '') => ({ id, revision, name });
const keyOf = ({ id }: { id: string }): string => id;

describe('newestPerKey', () => {
  it('keeps the highest revision of each key, in key order', () => {
    const batch = newestPerKey([item('b', 1), item('a', 2), item('b', 3), item('a', 1)], keyOf);
    expect(batch.items).toEqual([item('a', 2), item('b', 3)]);
    expect(batch.outcomes(new Set(['b']))).toEqual(['fenced', 'fenced', 'applied', 'fenced']);
  });

  it('keeps the first of equal revisions, with force the last', () => {
    const inputs = [item('a', 1, 'first'), item('a', 1, 'last')];
    expect(newestPerKey(inputs, keyOf).items[0]?.name).toBe('first');
    expect(newestPerKey(inputs, keyOf, { force: true }).items[0]?.name).toBe('last');
  });
});
