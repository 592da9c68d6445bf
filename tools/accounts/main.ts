/** The command `npm run accounts`. */
import { importBuilt } from '../cli/built.ts';
import { CommandFailure } from '../cli/failure.ts';
import { loadProjectEnv } from '../cli/project-env.ts';
import { parseArguments } from './args.ts';

async function main(): Promise<number> {
  const invocation = parseArguments(process.argv.slice(2));
  if (invocation.kind === 'exit') return invocation.code;
  loadProjectEnv();
  const { rotateKeys } = await importBuilt(() => import('./run.ts'));
  process.stdout.write(`${await rotateKeys(invocation.command, process.env)}\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isExpected = error instanceof CommandFailure || (error as { code?: unknown }).code === 'CONFIG_INVALID';
  process.stderr.write(`accounts: ${isExpected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
