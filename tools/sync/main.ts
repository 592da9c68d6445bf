/** The command `npm run sync`. */
import { importBuilt } from '../cli/built.ts';
import { CommandFailure } from '../cli/failure.ts';
import { loadProjectEnv } from '../cli/project-env.ts';
import { parseArguments } from './args.ts';

async function main(): Promise<number> {
  const invocation = parseArguments(process.argv.slice(2));
  if (invocation.kind === 'exit') return invocation.code;
  loadProjectEnv();
  const { runSync } = await importBuilt(() => import('./run.ts'));
  const { createProgress } = await import('./progress.ts');
  const { command, common } = invocation;
  const { text, json, isWell } = await runSync(command, common, process.env, createProgress(process.stderr));
  process.stdout.write(common.json ? `${JSON.stringify(json, undefined, 2)}\n` : `${text}\n`);
  return isWell ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isExpected = error instanceof CommandFailure || (error as { code?: unknown }).code === 'CONFIG_INVALID';
  process.stderr.write(`sync: ${isExpected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
