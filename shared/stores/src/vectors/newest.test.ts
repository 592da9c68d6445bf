import { newestPerKey } from './newest.js';

const item = (id: string, revision: number, more: { fence?: number; name?: string } = {}) => ({ id, revision, ...more });
const keyOf = ({ id }: { id: string }): string => id;

describe('newestPerKey', () => {
  it('keeps the highest revision of each key, in key order', () => {
    const batch = newestPerKey([item('b', 1), item('a', 2), item('b', 3), item('a', 1)], keyOf);
    expect(batch.items).toEqual([item('a', 2), item('b', 3)]);
    expect(batch.outcomes(new Set(['b']))).toEqual(['fenced', 'fenced', 'applied', 'fenced']);
  });

  it('of equal revisions keeps the greater fence, of equal fences the last', () => {
    const inputs = [
      item('a', 1, { fence: 2 }),
      item('a', 1, { fence: 1 }),
      item('b', 1, { name: 'first' }),
      item('b', 1, { name: 'last' }),
    ];
    expect(newestPerKey(inputs, keyOf).items).toEqual([inputs[0], inputs[3]]);
  });
});
