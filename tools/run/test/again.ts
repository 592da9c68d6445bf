/** Suites that failed while others had the stores and the processors, too, and are run again by themselves. */
import type { SuiteResult } from './outcome.ts';

/** With more than these the code is broken, not the machine busy. */
const MOST_SUITES = 8;

/** The files to run again: none where many failed, nor where a unit test did, which shares nothing with others. */
export function suitesToRunAgain(suites: readonly SuiteResult[]): readonly string[] {
  const failed = suites.filter(({ status }) => status === 'failed').map(({ name }) => name);
  return failed.length > MOST_SUITES || failed.some(isUnit) ? [] : failed;
}

/** The suites of the first run, with the second result of those that have one. */
export function withSecondRun(first: readonly SuiteResult[], second: readonly SuiteResult[]): readonly SuiteResult[] {
  const again = new Set(second.map(({ name }) => name));
  return [...first.filter(({ name }) => !again.has(name)), ...second];
}

const isUnit = (name: string): boolean => name.endsWith('.test.ts') && !name.endsWith('.integration.test.ts');
