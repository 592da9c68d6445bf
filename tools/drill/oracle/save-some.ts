import type { Difference } from './find-differences.ts';
import type { Monolith } from './runs/monolith.ts';
import { saveDifference } from './save-difference.ts';

const SHOWN = 20;
/** Shrinking one costs up to hundreds of executions, each as long as a plan may take. */
const SHRINK_MS = 10_000;
const ALL_MS = 60_000;

/**
 * Shrinks and saves the first differences, one for each operation, whichever gateways it failed in, as many as a minute allows.
 * @returns a line for each that shrank to something new, and one for what was left
 */
export async function saveSome(
  differences: readonly Difference[],
  options: { readonly monolith: Monolith; readonly seed: number; say(line: string): void },
): Promise<readonly string[]> {
  const byIndex = new Map(differences.toReversed().map((difference) => [difference.index, difference]));
  const operations = [...byIndex.values()].toSorted((a, b) => a.index - b.index);
  const lines = new Map<string, string>();
  const inAll = AbortSignal.timeout(ALL_MS);
  for (const difference of operations) {
    if (lines.size >= SHOWN || inAll.aborted) break;
    options.say(`shrinking operation ${difference.index}`);
    const signal = AbortSignal.any([inAll, AbortSignal.timeout(SHRINK_MS)]);
    const { smallest, line } = await saveDifference(difference, { ...options, signal });
    if (!lines.has(smallest)) lines.set(smallest, line);
  }
  const rest = operations.length - lines.size;
  const left = `${rest} more operations differ; one is replayed with --seed ${options.seed} --only INDEX: ${operations
    .slice(-SHOWN)
    .map(({ index }) => index)
    .join(', ')}`;
  return rest > 0 ? [...lines.values(), left] : [...lines.values()];
}
