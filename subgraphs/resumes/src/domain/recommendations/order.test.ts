import { compareRanked, RECENCY_BOUND, type Ranked } from './order.js';

/** Mulberry32: the same numbers in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const hit = (id: string, score: number, at: number, isJunk = false): Ranked => ({
  id,
  score,
  at: new Date(at),
  notes: isJunk ? [{ kind: 'shouting' }] : [],
});

describe('R5 the order of recommendations', () => {
  it('no posting date changes the order of two whose relevance differs by more than the bound', () => {
    const random = randomOf(5);
    for (let round = 0; round < 20_000; round += 1) {
      const [high, low] = [random() * 100, random() * 100].toSorted((a, b) => b - a) as [number, number];
      if (high - low <= RECENCY_BOUND) continue;
      // Dates from 1970 to the year 5138: far more than any posting has.
      const dates = [random() * 1e14, random() * 1e14] as const;
      for (const [ofHigh, ofLow] of [dates, dates.toReversed()] as const) {
        const better = hit('b', Math.round(high), ofHigh ?? 0);
        const worse = hit('a', Math.round(low), ofLow ?? 0);
        expect(compareRanked(better, worse)).toBeLessThan(0);
      }
    }
  });

  it('is one order, whatever order they come in, and the same at every hour', () => {
    const random = randomOf(7);
    for (let round = 0; round < 200; round += 1) {
      const hits = Array.from({ length: 30 }, (_, n) =>
        hit(`id${n}`, Math.floor(random() * 4), Math.floor(random() * 3) * 86_400_000, random() < 0.3),
      );
      const ordered = hits.toSorted(compareRanked).map(({ id }) => id);
      const shuffled = hits.map((one) => ({ one, key: random() })).toSorted((a, b) => a.key - b.key);
      expect(
        shuffled
          .map(({ one }) => one)
          .toSorted(compareRanked)
          .map(({ id }) => id),
      ).toEqual(ordered);
    }
  });

  it('of equal scores honest ones come first, then the newer, then by id', () => {
    const day = 86_400_000;
    const hits = [hit('junk', 5, 9 * day, true), hit('old', 5, day), hit('b', 5, 2 * day), hit('a', 5, 2 * day), hit('best', 6, 0)];
    expect(hits.toSorted(compareRanked).map(({ id }) => id)).toEqual(['best', 'a', 'b', 'old', 'junk']);
  });
});
