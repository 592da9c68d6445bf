import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../report/machine.ts';
import type { Monolith } from './runs/monolith.ts';
import { problemsOf, type Difference } from './find-differences.ts';
import { shrinkOperation } from './shrink/shrink-operation.ts';

const FOLDER = join(ROOT, '.loom', 'drill', 'oracle');

export interface SavedDifference {
  /** The smallest operation that still differs: what has one cause mostly shrinks to one text. */
  readonly smallest: string;
  /** For the report. */
  readonly line: string;
}

/** Shrinks what differs, until `signal` aborts, and writes all that is needed to understand it. */
export async function saveDifference(
  difference: Difference,
  options: { readonly monolith: Monolith; readonly seed: number; readonly signal: AbortSignal },
): Promise<SavedDifference> {
  const { index, run, operation, problems } = difference;
  const { monolith, seed, signal } = options;
  const smallest = await shrinkOperation({
    schema: monolith.schema,
    operation,
    signal,
    isStillWrong: async (candidate) => {
      const expected = await monolith.expect(candidate);
      return expected.answer.data !== undefined && (await problemsOf(run, candidate, expected)).length > 0;
    },
  });
  const expected = await monolith.expect(smallest);
  const actual = await run.run(smallest).catch((error: unknown) => ({ failed: String(error) }));
  const file = join(FOLDER, `${seed}-${index}-${run.name.replaceAll(/\W+/g, '-')}.json`);
  const record = { seed, index, run: run.name, problems, operation, shrunk: { operation: smallest, expected: expected.answer, actual } };
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
  const text = smallest.query.replaceAll(/\s+/g, ' ');
  const variables = smallest.variables ? ` with ${JSON.stringify(smallest.variables)}` : '';
  const line = `operation ${index}, ${run.name}: ${problems.join('; ')}. Smallest: ${text}${variables} (${file})`;
  return { smallest: text, line };
}
