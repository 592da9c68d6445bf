/**
 * `npm run check`: type checks, linters, formatting and generated files, by the tasks of `turbo.json`. Every step runs even
 * when another failed; the table at the end names those to mend.
 */
import { spawn } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchFailure } from '../launch/failure.mjs';
import { binary, projectEnv, ROOT } from '../launch/paths.mjs';
import { runProgram } from '../run-program.ts';
import { hasFailed, readSteps, renderSteps, type RunSummary } from './steps.ts';

const STEPS = ['typecheck', 'lint:code', 'lint:imports', 'lint:repository', 'format:check', 'generate:check'];
const SUMMARIES = join(ROOT, '.turbo/runs');

await runProgram(async () => {
  const earlier = new Set(globSync('*.json', { cwd: SUMMARIES }));
  const exitCode = await runTurbo();
  const summary = globSync('*.json', { cwd: SUMMARIES }).find((name) => !earlier.has(name));
  if (!summary) throw new LaunchFailure(`turbo ended with ${exitCode} and left no summary`);
  const path = join(SUMMARIES, summary);
  const steps = readSteps(JSON.parse(readFileSync(path, 'utf8')) as RunSummary, STEPS);
  rmSync(path);
  process.stdout.write(`\n${renderSteps(steps)}\n`);
  return exitCode === 0 && !steps.some(hasFailed) ? 0 : 1;
});

function runTurbo(): Promise<number> {
  const args = [
    ['run', ...STEPS.map((step) => `//#${step}`)],
    ['--continue=always', '--summarize', '--output-logs=errors-only', '--log-order=grouped', '--no-update-notifier'],
    process.argv.slice(2),
  ].flat();
  const env = { ...projectEnv(), TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
  return new Promise((resolve, reject) => {
    const child = spawn(binary('turbo'), args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
