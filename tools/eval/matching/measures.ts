/** A thing that was ranked: what the ranker gave it, and what those who judged did. */
export interface Ranked {
  /** Higher is nearer the top. */
  readonly score: number;
  /** 0 is of no use; each step above it is worth more than twice the one below. */
  readonly grade: number;
}

/**
 * Normalised discounted cumulative gain of the first places, 0 to 1: gain 2^grade - 1, discount log2(place + 1) (Burges et al. 2005,
 * https://doi.org/10.1145/1102351.1102363). What shares a score shares its places, so that no order that nobody meant counts: the mean over all orders
 * of ties (McSherry & Najork 2008, https://doi.org/10.1007/978-3-540-78646-7_38).
 * @returns undefined where nothing has a grade above 0: there is no right order to find.
 */
export function ndcgAt(depth: number, all: readonly Ranked[]): number | undefined {
  const gainOf = ({ grade }: Ranked): number => 2 ** grade - 1;
  const dcg = (gains: readonly number[]): number =>
    gains.slice(0, depth).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0);
  const best = dcg(all.map(gainOf).toSorted((a, b) => b - a));
  return best === 0 ? undefined : dcg(byPlace(all, gainOf)) / best;
}

/** The share of the first places that is taken by what is graded `relevantFrom` or better; ties as above. */
export function precisionAt(depth: number, all: readonly Ranked[], relevantFrom: number): number {
  const found = byPlace(all, ({ grade }) => (grade >= relevantFrom ? 1 : 0)).slice(0, depth);
  return found.reduce((sum, share) => sum + share, 0) / depth;
}

/** The worth of each place, from the top: of ties, their mean. */
function byPlace(all: readonly Ranked[], worthOf: (one: Ranked) => number): readonly number[] {
  const byScore = Map.groupBy(all, ({ score }) => score);
  return [...byScore]
    .toSorted(([a], [b]) => b - a)
    .flatMap(([, tied]) => tied.map(() => tied.reduce((sum, one) => sum + worthOf(one), 0) / tied.length));
}
