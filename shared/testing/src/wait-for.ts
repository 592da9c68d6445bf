import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once the condition holds; rejects with what was last seen when it does not within the bound. */
export async function waitFor<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, timeoutMs = 10_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms; last seen: ${JSON.stringify(seen)}`);
    await sleep(10);
  }
}
