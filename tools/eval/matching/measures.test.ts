import { ndcgAt, precisionAt, type Ranked } from './measures.ts';

const ranked = (...grades: readonly number[]): Ranked[] => grades.map((grade, place) => ({ grade, score: -place }));

describe('measures of a ranking', () => {
  it('NDCG by hand: grades 3, 0, 2 in this order, of which two places count', () => {
    // Gains 7, 0, 3. Found: 7/1 + 0/log2(3). Best: 7/1 + 3/log2(3) = 7 + 1.892789 = 8.892789.
    expect(ndcgAt(2, ranked(3, 0, 2))).toBeCloseTo(7 / 8.892789, 6);
    // With three places: found 7 + 3/2 = 8.5.
    expect(ndcgAt(3, ranked(3, 0, 2))).toBeCloseTo(8.5 / 8.892789, 6);
  });

  it('NDCG is 1 for the best order, less for every other, and undefined where nothing is of use', () => {
    expect(ndcgAt(10, ranked(4, 3, 1, 0))).toBe(1);
    expect(ndcgAt(10, ranked(3, 4, 1, 0))).toBeLessThan(1);
    expect(ndcgAt(10, ranked(0, 0))).toBeUndefined();
  });

  it('P@5 by hand: two of the first five are graded 3 or better', () => {
    expect(precisionAt(5, ranked(4, 1, 3, 0, 2, 4, 4), 3)).toBeCloseTo(2 / 5);
    expect(precisionAt(5, ranked(3), 3)).toBeCloseTo(1 / 5);
  });

  it('what shares a score shares its places, in whatever order it is given', () => {
    // Places 2 and 3 are tied between gains 7 and 0: 3.5 each. Found: 3 + 3.5/log2(3) + 3.5/2; best: 7 + 3/log2(3).
    const tied = [
      { grade: 2, score: 9 },
      { grade: 3, score: 5 },
      { grade: 0, score: 5 },
    ];
    const expected = (3 + 3.5 / Math.log2(3) + 1.75) / (7 + 3 / Math.log2(3));
    expect(ndcgAt(3, tied)).toBeCloseTo(expected, 9);
    expect(ndcgAt(3, tied.toReversed())).toBeCloseTo(expected, 9);
    // One relevant thing tied with three others over the last place that counts.
    const over = [1, 1, 1, 4].map((grade) => ({ grade, score: 0 }));
    expect(precisionAt(2, over, 4)).toBeCloseTo(1 / 4);
  });
});
