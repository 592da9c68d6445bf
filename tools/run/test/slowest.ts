/** The suites that took longest, so that a run that grows slow says where. */
import { relative } from 'node:path';
import type { SuiteResult } from './outcome.ts';

const SHOWN = 15;

/** A line for each of the longest: seconds in all, those of them outside its tests (loading, starting, stopping), and its path. */
export function renderSlowest(suites: readonly SuiteResult[], root: string): string {
  const rows = suites
    .map((suite) => ({ suite, seconds: (suite.endTime - suite.startTime) / 1000 }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SHOWN)
    .map(({ suite, seconds }) => {
      const outside = Math.max(0, seconds - suite.assertionResults.reduce((sum, { duration }) => sum + (duration ?? 0), 0) / 1000);
      return `  ${seconds.toFixed(1).padStart(6)} s  ${outside.toFixed(1).padStart(6)} s  ${relative(root, suite.name)}`;
    });
  return ['Slowest suites (in all, outside tests):', ...rows].join('\n');
}
