/**
 * `npm test`: every tier, or those of `TEST_TIERS`; other arguments go to Jest (`npm test -- gateway -t "reads its config"`).
 * `--coverage` measures a full run. The last line is `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadStoresEnv } from '../../stores/index.ts';
import { ensureBuilt } from '../build/ensure-built.ts';
import { LaunchFailure } from '../launch/failure.mjs';
import { projectEnv, ROOT } from '../launch/paths.mjs';
import { runProgram } from '../run-program.ts';
import { suitesToRunAgain, withSecondRun } from './again.ts';
import { coverageByRoom, LEAST_PERCENT, renderCoverage, shortfalls, type CoverageSummary } from './coverage.ts';
import { closingLine, countTests, type JestResult, type SuiteResult } from './outcome.ts';
import { PlanError, planTests, type TestPlan } from './plan.ts';
import { hasRuntimeCode } from './runtime-code.ts';
import { renderSlowest } from './slowest.ts';
import { renderStores, startCommand, storesOf, type StoreUse } from './stores.ts';

/** More workers than this only make the stores thrash. */
const MOST_WORKERS = 4;
/** A worker that grew beyond this is replaced between two suites: ESM modules of a suite are not all given back. */
const WORKER_MEMORY = '1500MB';

await runProgram(async () => {
  const startedAt = performance.now();
  const plan = readPlan();
  // Stores named in the environment win over those of `npm run stores`.
  const env: NodeJS.ProcessEnv = { LOOM_PGLITE_TEMPLATE: pgliteTemplate(), ...(plan.usesStores ? loadStoresEnv() : {}), ...projectEnv() };
  const stores = storesOf(env);
  if (plan.usesStores && env['LOOM_REQUIRE_STORES'] && stores.absent.length > 0) return reportMissing(stores);
  // Tests run from the sources; only the servers that end-to-end tests start are run as built.
  if (plan.tiers.includes('e2e')) await ensureBuilt();

  const folder = mkdtempSync(join(tmpdir(), 'loomgraph-test-'));
  try {
    const workers = Math.min(availableParallelism(), MOST_WORKERS);
    const first = await runJest({ plan, env, folder, workers, output: 'result.json' });
    const outcome = plan.isFull ? await againAlone(first, { plan, env, folder }) : first;
    const coverageOk = plan.measuresCoverage ? reportCoverage({ folder, enforced: stores.absent.length === 0 }) : true;
    if (plan.usesStores) say(`\n${renderStores(stores)}`);
    if (env['LOOM_TEST_MATRIX'] === 'short')
      say('Short matrix: most suites on the embedded record and one of MySQL and MariaDB, scenarios on two deployments.');
    const { suites, exitCode } = outcome;
    const counts = countTests(suites);
    if (plan.isFull && suites) say(`\n${renderSlowest(suites, ROOT)}\n`);
    say(`Suites: ${suites?.length ?? 0} of ${plan.tiers.join(', ')}, in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    say(closingLine(counts));
    return exitCode === 0 && counts.failed === 0 && coverageOk ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Suites share no embedded database, and each would take seconds to initialise its own. */
function pgliteTemplate(): string {
  const versions = ['@electric-sql/pglite', '@electric-sql/pglite-pgvector'].map(
    (name) => readJson<{ version: string }>(join(ROOT, 'node_modules', name, 'package.json'))?.version,
  );
  return join(ROOT, `node_modules/.cache/pglite/${versions.join('+')}.tar`);
}

function readPlan(): TestPlan {
  try {
    return planTests(process.env, process.argv.slice(2));
  } catch (error) {
    throw error instanceof PlanError ? new LaunchFailure(error.message) : error;
  }
}

interface Run {
  readonly plan: TestPlan;
  readonly env: NodeJS.ProcessEnv;
  /** For what is measured. */
  readonly folder: string;
}

interface RunOutcome {
  readonly exitCode: number;
  /** Undefined when Jest left no result. */
  readonly suites: readonly SuiteResult[] | undefined;
}

/** A few suites that failed beside others are run again alone, and both are told: what fails alone, too, has failed. */
async function againAlone(first: RunOutcome, { plan, env, folder }: Run): Promise<RunOutcome> {
  const files = suitesToRunAgain(first.suites ?? []);
  if (files.length === 0) return first;
  say(`\nFailed beside others, and run again alone:\n${files.map((file) => `  ${relative(ROOT, file)}`).join('\n')}\n`);
  const alone = { ...plan, measuresCoverage: false, jestArguments: ['--runTestsByPath', ...files] };
  const second = await runJest({ plan: alone, env, folder, workers: 1, output: 'again.json' });
  return { exitCode: second.exitCode, suites: withSecondRun(first.suites ?? [], second.suites ?? []) };
}

async function runJest({
  plan,
  env,
  folder,
  workers,
  output,
}: Run & { readonly workers: number; readonly output: string }): Promise<RunOutcome> {
  const file = join(folder, output);
  const args = [
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
    plan.jestArguments,
    [`--maxWorkers=${workers}`, `--workerIdleMemoryLimit=${WORKER_MEMORY}`],
    ['--json', `--outputFile=${file}`],
    plan.measuresCoverage ? ['--coverage', `--coverageDirectory=${join(folder, 'coverage')}`, '--coverageReporters=json-summary'] : [],
    // Last, since it takes every word that follows.
    ['--selectProjects', ...plan.tiers],
  ].flat();
  const exitCode = await new Promise<number>((resolve, reject) => {
    // With --json Jest prints its report on stderr and repeats the result on stdout.
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['inherit', 'ignore', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  return { exitCode, suites: readJson<JestResult>(file)?.testResults };
}

function reportMissing(stores: StoreUse): number {
  say(
    `LOOM_REQUIRE_STORES is set, and ${stores.absent.join(', ')} cannot be reached: run \`${startCommand(stores)}\`, then the tests again.`,
  );
  say(closingLine(countTests(undefined)));
  return 1;
}

/** Prints the coverage; whether it suffices. Without every real store their adapters are not covered, so it is not held against the run. */
function reportCoverage({ folder, enforced }: { folder: string; enforced: boolean }): boolean {
  const summary = readJson<CoverageSummary>(join(folder, 'coverage/coverage-summary.json'));
  if (!summary) return false;
  const measured = Object.entries(summary).filter(
    ([path, { lines }]) => lines.covered > 0 || !existsSync(path) || hasRuntimeCode(readFileSync(path, 'utf8')),
  );
  const rooms = coverageByRoom(Object.fromEntries(measured), ROOT);
  say(`\n${renderCoverage(rooms)}`);
  if (!enforced) {
    say(`  (at least ${LEAST_PERCENT} % is required where all real stores run)`);
    return true;
  }
  const short = shortfalls(rooms);
  for (const { room, percent } of short) say(`  ${room}: ${percent.toFixed(1)} % is below the required ${LEAST_PERCENT} %`);
  return short.length === 0;
}

function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
