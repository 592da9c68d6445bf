import { LoomError } from '@loomgraph/core';

/** After this long a shutdown that hangs is given up. */
const FORCED_AFTER_MS = 30_000;
/** Ctrl-C reaches a server twice where npm started it: from the terminal, and passed on by npm. */
const SAME_SIGNAL_MS = 1_000;

/**
 * The life of a server process: `open` takes resources, which are given back in reverse order on SIGTERM or SIGINT (exit 0; a second one,
 * a second or more later, exits at once). What keeps it from starting is one line on stderr and exit 1; the stack is printed for faults of the program only.
 */
export async function runUntilSignal(name: string, open: (resources: AsyncDisposableStack) => Promise<void>): Promise<void> {
  const resources = new AsyncDisposableStack();
  let closingSince: number | undefined;
  const shutDown = (): void => {
    if (closingSince !== undefined) {
      if (performance.now() - closingSince > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    closingSince = performance.now();
    setTimeout(() => process.exit(1), FORCED_AFTER_MS).unref();
    resources.disposeAsync().then(
      () => process.exit(0),
      (error: unknown) => exitWith(name, error),
    );
  };
  process.on('unhandledRejection', outliveAbandonedFields);
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
  try {
    await open(resources);
  } catch (error) {
    await resources.disposeAsync().catch(() => undefined); // the first error is the one to report
    exitWith(name, error);
  }
}

/**
 * graphql-js 16 gives up a list at its first failed item and leaves the promises of the others alone: a later one that fails rejects with
 * nobody waiting, and Node would end the process for it. The client has the list's error already. Every other unhandled rejection is a
 * fault of the program and ends it as before.
 */
function outliveAbandonedFields(reason: unknown): void {
  if (reason instanceof Error && reason.name === 'GraphQLError') return;
  throw reason;
}

function exitWith(name: string, error: unknown): never {
  const expected = error instanceof LoomError || typeof (error as NodeJS.ErrnoException | null)?.code === 'string';
  process.stderr.write(`${name}: ${expected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
}
