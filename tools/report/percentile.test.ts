import { percentile } from './percentile.ts';

describe('percentile', () => {
  const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('takes the %f of 1 to 100 to be %i', (share, expected) => {
    expect(percentile(oneToHundred, share)).toBe(expected);
  });

  it('answers a value that was measured, however few there are', () => {
    expect(percentile([7], 0.95)).toBe(7);
    expect(percentile([1, 9], 0.5)).toBe(1);
    expect(percentile([1, 9], 0.51)).toBe(9);
  });

  it('is NaN for nothing', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});
