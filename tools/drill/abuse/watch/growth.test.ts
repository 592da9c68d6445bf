import { growthOf } from './growth.ts';

const grow = (...values: readonly number[]): number => growthOf(values.map((heapMb) => ({ heapMb })));

describe('growthOf', () => {
  it('sees a heap that grows a little each round, under noise', () => {
    expect(grow(100, 104, 109, 111, 117)).toBeGreaterThan(12);
  });

  it('takes noise, a single step and shrinking for no growth', () => {
    expect(grow(100, 103, 99, 102, 100)).toBeLessThan(2);
    expect(grow(100, 130, 130, 130, 130, 130)).toBeLessThan(2);
    expect(grow(130, 120, 110)).toBe(0);
    expect(grow()).toBe(0);
  });
});
