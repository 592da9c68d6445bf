import { expectedOrder, expectedRating } from './check-answers.ts';
import { PLANTED } from './generator.ts';
import type { KnownTemplate } from './populate.ts';

const known = (id: string, uses: number, ratings: readonly number[] = []): KnownTemplate => ({
  ...PLANTED,
  id,
  categoryId: 'c',
  uses,
  ratings: new Map(ratings.map((rating, index) => [`u${index}`, rating])),
});

it('expects the most used first, ties by id from the end', () => {
  expect(expectedOrder([known('a', 1), known('c', 1), known('b', 5)]).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
});

it('expects the exact mean', () => {
  expect(expectedRating(known('a', 0))).toBe(0);
  expect(expectedRating(known('a', 0, [400, 433, 500]))).toBe(1333 / 100 / 3);
});
