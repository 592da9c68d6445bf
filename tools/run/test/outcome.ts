/** The counts of a run, from Jest's result file. */

/** The part read here; times in ms since the epoch. */
export interface JestResult {
  readonly testResults: readonly SuiteResult[];
}

export interface SuiteResult {
  /** The path of its file. */
  readonly name: string;
  readonly status: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly assertionResults: readonly { readonly status: string; readonly duration?: number | null }[];
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A suite that could not be loaded counts as one failure; so does a run that left no result. */
export function countTests(suites: readonly SuiteResult[] | undefined): TestCounts {
  if (!suites) return { passed: 0, failed: 1, skipped: 0 };
  const statuses = suites.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const count = (status: string): number => statuses.filter((one) => one === status).length;
  const unloaded = suites.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every(({ status: one }) => one !== 'failed'),
  );
  return {
    passed: count('passed'),
    failed: count('failed') + unloaded.length,
    skipped: count('pending') + count('todo') + count('skipped') + count('disabled'),
  };
}

/** The last line of a run: `12 passed, 0 failed`, and `, 3 skipped` where some were. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
