import { closingLine, countTests, type SuiteResult } from './outcome.ts';

const suite = (status: string, ...statuses: string[]): SuiteResult => ({
  name: 'a.test.ts',
  status,
  startTime: 0,
  endTime: 1,
  assertionResults: statuses.map((one) => ({ status: one })),
});

describe('closing line', () => {
  it('names what passed and failed', () => {
    const suites = [suite('passed', 'passed', 'passed'), suite('failed', 'failed', 'passed')];
    expect(closingLine(countTests(suites))).toBe('3 passed, 1 failed');
  });

  it('names skipped tests only where there are some', () => {
    expect(closingLine(countTests([suite('passed', 'passed', 'pending', 'todo')]))).toBe('1 passed, 0 failed, 2 skipped');
  });

  it('counts a suite that could not be loaded, or that failed outside its tests, as a failure', () => {
    expect(closingLine(countTests([suite('failed'), suite('failed', 'passed'), suite('failed', 'failed')]))).toBe('1 passed, 3 failed');
  });

  it('counts a run without a result as a failure', () => {
    expect(closingLine(countTests(undefined))).toBe('0 passed, 1 failed');
  });
});
