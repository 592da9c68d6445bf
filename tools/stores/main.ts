/** The command `npm run stores`. */
import { USAGE, parseInvocation } from './args.ts';
import { down } from './commands/down.ts';
import { env } from './commands/env.ts';
import { status } from './commands/status.ts';
import { up } from './commands/up.ts';
import { loadStoresConfig } from './config.ts';

const COMMANDS = { up, down, status, env };
const USAGE_ERROR = 2;

async function main(): Promise<number> {
  let invocation;
  try {
    invocation = parseInvocation(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return USAGE_ERROR;
  }
  if (!invocation) {
    process.stdout.write(USAGE);
    return 0;
  }
  return COMMANDS[invocation.command](loadStoresConfig(), invocation);
}

process.umask(0o022); // Servers of other users read what is made here.
process.exitCode = await main();
