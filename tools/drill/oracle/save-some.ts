import type { Difference } from './find-differences.ts';
import type { Monolith } from './runs/monolith.ts';
import { saveDifference } from './save-difference.ts';

/** Shrinking one costs hundreds of executions. */
const SHRUNK = 60;
const SHOWN = 30;

/**
 * Shrinks and saves the first differences, one for each operation, whichever gateways it failed in.
 * @returns a line for each that shrank to something new, and one for what was left
 */
export async function saveSome(
  differences: readonly Difference[],
  options: { readonly monolith: Monolith; readonly seed: number },
): Promise<readonly string[]> {
  const byIndex = new Map(differences.toReversed().map((difference) => [difference.index, difference]));
  const operations = [...byIndex.values()].toSorted((a, b) => a.index - b.index);
  const lines = new Map<string, string>();
  for (const difference of operations.slice(0, SHRUNK)) {
    if (lines.size >= SHOWN) break;
    const { smallest, line } = await saveDifference(difference, options);
    if (!lines.has(smallest)) lines.set(smallest, line);
  }
  const rest = operations.length - lines.size;
  const left = `${rest} more operations differ; one is replayed with --seed ${options.seed} --only INDEX: ${operations
    .slice(-SHOWN)
    .map(({ index }) => index)
    .join(', ')}`;
  return rest > 0 ? [...lines.values(), left] : [...lines.values()];
}
