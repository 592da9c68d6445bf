/** The outcome of each step, from turbo's summary of a run. */

/** The part read here. */
export interface RunSummary {
  readonly tasks: readonly {
    readonly task: string;
    readonly cache: { readonly status: 'HIT' | 'MISS' };
    /** Absent when the task was not run. */
    readonly execution?: { readonly startTime: number; readonly endTime: number; readonly exitCode: number | null };
  }[];
}

export interface Step {
  readonly name: string;
  readonly outcome: 'passed' | 'unchanged' | 'failed' | 'not run';
  readonly seconds: number;
}

/** In the order of `names`; a step that the summary lacks was not run. */
export function readSteps({ tasks }: RunSummary, names: readonly string[]): readonly Step[] {
  return names.map((name) => {
    const found = tasks.find(({ task }) => task === name);
    if (!found?.execution) return { name, outcome: 'not run', seconds: 0 };
    const { startTime, endTime, exitCode } = found.execution;
    const passed = found.cache.status === 'HIT' ? 'unchanged' : 'passed';
    return { name, outcome: exitCode === 0 ? passed : 'failed', seconds: (endTime - startTime) / 1000 };
  });
}

export function hasFailed({ outcome }: Step): boolean {
  return outcome === 'failed' || outcome === 'not run';
}

/** A line for each step, and one that names those to mend and how to run them alone. */
export function renderSteps(steps: readonly Step[]): string {
  const width = Math.max(...steps.map(({ name }) => name.length));
  const rows = steps.map(({ name, outcome, seconds }) => {
    return `${hasFailed({ name, outcome, seconds }) ? '✗' : '✓'} ${name.padEnd(width)}  ${outcome.padEnd(9)}  ${seconds.toFixed(1).padStart(6)} s`;
  });
  const failed = steps.filter(hasFailed);
  const verdict = failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.map(({ name }) => `npm run ${name}`).join(', ')}`;
  return [...rows, '', verdict].join('\n');
}
