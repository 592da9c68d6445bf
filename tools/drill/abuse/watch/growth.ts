import { trendOf } from '../../leaks/find-growth.ts';

/** One round of repeated attacks. */
export interface Round {
  readonly cases: number;
  /** Attacks that were not refused this time. */
  readonly findings: number;
  /** After the garbage was collected. */
  readonly heapMb: number;
  readonly rssMb: number;
}

/** What the heap grew by over the rounds, MB: the trend of all of them, so that neither noise nor what is loaded once counts. */
export function growthOf(rounds: readonly Pick<Round, 'heapMb'>[]): number {
  return Math.max(0, trendOf(rounds.map(({ heapMb }) => heapMb)) * (rounds.length - 1));
}
