import { suitesToRunAgain, withSecondRun } from './again.ts';
import { closingLine, countTests, type SuiteResult } from './outcome.ts';

const suite = (name: string, ...statuses: string[]): SuiteResult => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  startTime: 0,
  endTime: 1,
  assertionResults: statuses.map((status) => ({ status })),
});
const failing = (count: number): SuiteResult[] => Array.from({ length: count }, (_, n) => suite(`${n}.integration.test.ts`, 'failed'));

describe('suites that are run again', () => {
  it('are those that failed', () => {
    expect(suitesToRunAgain([suite('a.e2e.ts', 'failed'), suite('b.e2e.ts', 'passed')])).toEqual(['a.e2e.ts']);
  });

  it('are none where a unit test or many suites failed', () => {
    expect(suitesToRunAgain([suite('a.e2e.ts', 'failed'), suite('b.test.ts', 'failed')])).toEqual([]);
    expect(suitesToRunAgain(failing(8))).toHaveLength(8);
    expect(suitesToRunAgain(failing(9))).toEqual([]);
  });

  it('count as their second run went, better or worse', () => {
    const first = [suite('a.e2e.ts', 'failed', 'passed'), suite('b.e2e.ts', 'failed'), suite('c.e2e.ts', 'passed')];
    const second = [suite('a.e2e.ts', 'passed', 'passed'), suite('b.e2e.ts', 'failed')];
    expect(closingLine(countTests(withSecondRun(first, second)))).toBe('3 passed, 1 failed');
  });
});
