import { createCrashLog } from './crash-log.ts';

describe('createCrashLog', () => {
  it('finds crashes in pieces of output, each once', () => {
    const log = createCrashLog();
    log.take('gateway', '{"level":"info","message":"Request"}\n{"level":"error","mess');
    log.take('accounts', 'Unhandled promise rejection\n');
    log.take('gateway', 'age":"Masked error","code":"X"}\nlast');
    expect(log.since()).toEqual([
      'accounts: Unhandled promise rejection',
      expect.stringContaining('gateway: {"level":"error","message":"Masked error"'),
    ]);
    expect(log.since()).toEqual([]);
    log.take('gateway', ' line\n');
    expect(log.since()).toEqual([]);
  });

  it.each([
    ['node:internal/process/promises:394', false],
    ['    at answer (/app/gateway/dist/server.js:10:5)', true],
    ['Uncaught TypeError: x', true],
    ['FATAL ERROR: Reached heap limit Allocation failed', true],
    ['{"level":"warn","message":"Field failed","code":"STORE_UNAVAILABLE"}', false],
  ])('takes %j for a crash: %s', (line, isCrash) => {
    const log = createCrashLog();
    log.take('gateway', `${line}\n`);
    expect(log.since()).toHaveLength(isCrash ? 1 : 0);
  });
});
