import type { SearchHit } from './port.js';

/** The constant of reciprocal rank fusion, from Cormack, Clarke and Büttcher, SIGIR 2009: it keeps first places from deciding alone. */
export const RRF_K = 60;

/** Fuses two rankings, best first: score = Σ 1 / (k + rank); ties by id. */
export function fuseByReciprocalRank(
  vectorRanking: readonly SearchHit[],
  textRanking: readonly SearchHit[],
  options: { limit: number; k?: number },
): SearchHit[] {
  const k = options.k ?? RRF_K;
  const fused = new Map<string, { id: string; score: number; vectorRank?: number; textRank?: number }>();
  const add = (ranking: readonly SearchHit[], field: 'vectorRank' | 'textRank'): void => {
    for (const [index, { id }] of ranking.entries()) {
      const hit = fused.get(id) ?? { id, score: 0 };
      hit.score += 1 / (k + index + 1);
      hit[field] = index + 1;
      fused.set(id, hit);
    }
  };
  add(vectorRanking, 'vectorRank');
  add(textRanking, 'textRank');
  return [...fused.values()].toSorted(byScoreThenId).slice(0, options.limit);
}

/** Best first, equal scores by id in code point order, as the database sorts `COLLATE "C"`. */
export function byScoreThenId(a: SearchHit, b: SearchHit): number {
  return b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
