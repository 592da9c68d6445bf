import { superiority } from './rank.ts';

describe('superiority', () => {
  it('is the share of pairs in which the one is larger, ties counting half', () => {
    expect(superiority([4, 5, 6], [1, 2, 3]).share).toBe(1);
    expect(superiority([1, 2, 3], [4, 5, 6]).share).toBe(0);
    expect(superiority([1, 3], [2, 2]).share).toBe(0.5);
    expect(superiority([2, 2, 2], [2, 2]).share).toBe(0.5);
    expect(superiority([2, 9, 4], [4, 1]).share).toBeCloseTo((1 + 0 + 1 + 1 + 1 + 0.5) / 6);
  });

  it('agrees with counting each pair', () => {
    const values = (factor: number) => Array.from({ length: 40 }, (_, index) => (index * factor) % 17);
    const [ones, others] = [values(5), values(11).slice(3)];
    let larger = 0;
    for (const one of ones) for (const other of others) larger += one > other ? 1 : one === other ? 0.5 : 0;
    expect(superiority(ones, others).share).toBeCloseTo(larger / (ones.length * others.length));
  });

  it('says how far chance reaches', () => {
    expect(superiority(Array.from({ length: 500 }, Math.random), Array.from({ length: 500 }, Math.random)).error).toBeCloseTo(0.01826, 4);
    expect(superiority([], [1])).toEqual({ share: Number.NaN, error: Number.NaN });
  });
});
