import { percentile } from '../../report/percentile.ts';
import type { Sample } from './sample.ts';

/** How much of something may be more at the end of a run than at its beginning. */
export interface Limit {
  readonly of: keyof Sample;
  readonly meaning: string;
  /** Growth up to the larger one of the two is noise. */
  readonly atMost: number;
  readonly atMostShare: number;
}

export interface Growth {
  readonly limit: Limit;
  readonly first: number;
  readonly last: number;
  /** By the trend, over the whole run. */
  readonly growth: number;
  readonly allowed: number;
}

/**
 * Collected heap moves by some hundred kB from look to look, as other operations are in the cache; resident memory by what the allocator
 * keeps; connections come and go; and the second planner's process runs only where an operation has needed it.
 */
export const limits: readonly Limit[] = [
  { of: 'heapMb', meaning: 'heap after garbage collection, MB', atMost: 3, atMostShare: 0.05 },
  { of: 'externalMb', meaning: 'memory outside the heap, MB', atMost: 3, atMostShare: 0.05 },
  { of: 'rssMb', meaning: 'resident memory, MB', atMost: 40, atMostShare: 0.15 },
  { of: 'handles', meaning: 'open handles', atMost: 4, atMostShare: 0 },
  { of: 'openFiles', meaning: 'open files, sockets and pipes', atMost: 12, atMostShare: 0 },
  { of: 'childProcesses', meaning: 'child processes', atMost: 1.5, atMostShare: 0 },
];

/** The growth of everything there is a limit for. What could not be looked at on this system is left out. */
export function findGrowth(samples: readonly Sample[]): readonly Growth[] {
  return limits.flatMap((limit) => {
    const values = samples.map((sample) => sample[limit.of]);
    if (values.some(Number.isNaN)) return [];
    const third = Math.ceil(values.length / 3);
    const first = percentile(values.slice(0, third), 0.5);
    return {
      limit,
      first,
      last: percentile(values.slice(-third), 0.5),
      growth: trendOf(values) * (values.length - 1),
      allowed: Math.max(limit.atMost, limit.atMostShare * first),
    };
  });
}

/** One line for each thing that grew more than it may. */
export function describeLeaks(growths: readonly Growth[]): readonly string[] {
  return growths
    .filter(({ growth, allowed }) => growth > allowed)
    .map(
      ({ limit, first, last, growth, allowed }) =>
        `${limit.meaning}: grew by ${growth.toFixed(1)} over the run (from ${first.toFixed(1)} to ${last.toFixed(1)}); ${allowed.toFixed(1)} are allowed`,
    );
}

/**
 * Growth from one sample to the next: the median slope of all pairs (Theil 1950, Sen 1968). A single step, as of something that is loaded
 * once, is no trend.
 */
export function trendOf(values: readonly number[]): number {
  const slopes = values.flatMap((value, index) => values.slice(index + 1).map((later, distance) => (later - value) / (distance + 1)));
  return slopes.length === 0 ? 0 : percentile(slopes, 0.5);
}
