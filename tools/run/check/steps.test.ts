import { hasFailed, readSteps, renderSteps, type RunSummary } from './steps.ts';

const ran = (task: string, exitCode: number | null, status: 'HIT' | 'MISS' = 'MISS') => ({
  task,
  cache: { status },
  execution: { startTime: 1_000, endTime: 3_500, exitCode },
});
const summary: RunSummary = { tasks: [ran('lint:code', 1), ran('typecheck', 0), ran('format:check', 0, 'HIT')] };

describe('steps of a check', () => {
  it('come in the order of the command, with those that were not run', () => {
    expect(readSteps(summary, ['typecheck', 'lint:code', 'format:check', 'generate:check'])).toEqual([
      { name: 'typecheck', outcome: 'passed', seconds: 2.5 },
      { name: 'lint:code', outcome: 'failed', seconds: 2.5 },
      { name: 'format:check', outcome: 'unchanged', seconds: 2.5 },
      { name: 'generate:check', outcome: 'not run', seconds: 0 },
    ]);
  });

  it('count as failed when they were not run, or were killed', () => {
    expect(readSteps({ tasks: [ran('typecheck', null)] }, ['typecheck', 'lint:code']).every(hasFailed)).toBe(true);
  });

  it('are named when they failed', () => {
    expect(renderSteps(readSteps(summary, ['typecheck', 'lint:code']))).toContain('Failed: npm run lint:code');
    expect(renderSteps(readSteps(summary, ['typecheck']))).toContain('All checks passed.');
  });
});
