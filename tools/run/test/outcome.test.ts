import { closingLine, countTests, type JestResult } from './outcome.ts';

const result: JestResult = {
  numPassedTests: 12,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  numTotalTestSuites: 3,
};

describe('closing line', () => {
  it('names what passed and failed', () => {
    expect(closingLine(countTests(result))).toBe('12 passed, 0 failed');
  });

  it('names skipped tests only where there are some', () => {
    expect(closingLine(countTests({ ...result, numPendingTests: 2, numTodoTests: 1 }))).toBe('12 passed, 0 failed, 3 skipped');
  });

  it('counts a suite that could not be loaded as a failure', () => {
    expect(closingLine(countTests({ ...result, numRuntimeErrorTestSuites: 2, numFailedTests: 1 }))).toBe('12 passed, 3 failed');
  });

  it('counts a run without a result as a failure', () => {
    expect(closingLine(countTests(undefined))).toBe('0 passed, 1 failed');
  });
});
