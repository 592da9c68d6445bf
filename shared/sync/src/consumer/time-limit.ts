import { StoreError } from '@loomgraph/core';

/**
 * Runs work that is told to stop once this time has passed, and left behind if it does not: a handler cannot be stopped. Its transaction is rolled
 * back then, and what it tries later fails. The time begins with the handler: waiting for a connection is not its fault.
 * @throws StoreError timeout
 */
export async function withTimeLimit(name: string, timeLimitMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new StoreError('timeout', 'consumer', `${name} has not handled an event within ${timeLimitMs} ms.`);
      late.abort(error);
      reject(error);
    }, timeLimitMs);
  });
  const working = work(late.signal);
  // Nobody waits for it any more once it is late.
  working.catch(() => undefined);
  try {
    await Promise.race([working, passed]);
  } finally {
    clearTimeout(timer);
  }
}
