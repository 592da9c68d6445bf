/** The command `npm run seed`. */
import { parseArguments } from './args.ts';
import { importBuilt } from '../cli/built.ts';
import { CommandFailure } from '../cli/failure.ts';
import { loadProjectEnv } from '../cli/project-env.ts';

const INTERRUPTED = 130;

async function main(): Promise<number> {
  // npm runs scripts in the project's root; paths are meant from where the person is.
  const invocation = parseArguments(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
  if (invocation.kind === 'exit') return invocation.code;
  const { options } = invocation;
  loadProjectEnv();
  const { runSeed } = await importBuilt(() => import('./run/run-seed.ts'));
  const { createReport } = await import('./run/report.ts');
  const { exitCodeOf } = await import('./run/outcome.ts');
  const interruption = new AbortController();
  process.on('SIGINT', () => {
    if (interruption.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write('\nStopping after this batch; Ctrl-C again stops at once.\n');
    interruption.abort();
  });
  // The outcome as JSON is all there may be on stdout where it goes there.
  const report = createReport({ out: options.json === '-' ? process.stderr : process.stdout, err: process.stderr });
  return exitCodeOf(await runSeed(options, { env: process.env, report, signal: interruption.signal }), options);
}

try {
  process.exitCode = await main();
} catch (error) {
  const isExpected = error instanceof CommandFailure || (error as { code?: unknown }).code === 'CONFIG_INVALID';
  process.stderr.write(`seed: ${isExpected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
