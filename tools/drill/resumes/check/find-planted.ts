import type { Violation } from './find-violations.ts';
import type { Planting } from './plantings.ts';

/**
 * Does one damage after the other and looks each time. One counts as found when the look shows something of its kind that was not there before.
 * @param look everything that is wrong now
 * @returns names of what was not found
 */
export async function findPlanted(
  planted: readonly Planting[],
  before: readonly Violation[],
  look: () => Promise<readonly Violation[]>,
): Promise<readonly string[]> {
  const missed: string[] = [];
  let known = new Set(before.map(({ what }) => what));
  for (const { name, expected, plant } of planted) {
    await plant();
    const found = await look();
    if (!found.some(({ kind, what }) => kind === expected && !known.has(what))) missed.push(name);
    known = new Set(found.map(({ what }) => what));
  }
  return missed;
}
