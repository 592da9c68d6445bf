/** The command `npm run token`. */
import { importBuilt } from '../cli/built.ts';
import { loadProjectEnv } from '../cli/project-env.ts';
import { CommandFailure } from '../cli/failure.ts';
import { parseArguments } from './args.ts';

const HINT = 'Send it as the header "authorization: Bearer …"; in the browser it goes into the headers below the query.';

async function main(): Promise<number> {
  const invocation = parseArguments(process.argv.slice(2));
  if (invocation.kind === 'exit') return invocation.code;
  loadProjectEnv();
  const { issueToken } = await importBuilt(() => import('./issue-token.ts'));
  process.stdout.write(`${await issueToken(invocation.options, process.env)}\n`);
  process.stderr.write(`${HINT}\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isExpected = error instanceof CommandFailure || (error as { code?: unknown }).code === 'CONFIG_INVALID';
  process.stderr.write(`token: ${isExpected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
