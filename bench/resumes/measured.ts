import type { Figure } from '../../tools/report/outcome.ts';

/** A part of the bench: what it measured, and what was wrong. */
export interface Measured {
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
  readonly failures: readonly string[];
}

/** Milliseconds of each of them, one after the other, taken in turns so that what else the machine does meets all alike. */
export async function timeInTurns<Name extends string>(
  works: Readonly<Record<Name, () => Promise<unknown>>>,
  rounds: number,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(works) as Name[]; // its own keys
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as unknown as Record<Name, number[]>; // one list of each name
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const startedAt = performance.now();
      await works[name]();
      times[name].push(performance.now() - startedAt);
    }
  }
  return times;
}
