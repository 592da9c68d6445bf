import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 100;

/** Repeats `attempt` until it passes; returns its last error when time is over. `guard` may throw to give up early. */
export async function waitUntil(attempt: () => Promise<void>, timeoutMs: number, guard?: () => void): Promise<Error | undefined> {
  for (const deadline = Date.now() + timeoutMs; ; await delay(POLL_MS)) {
    guard?.();
    try {
      await attempt();
      return undefined;
    } catch (error) {
      if (Date.now() > deadline) return error instanceof Error ? error : new Error(String(error));
    }
  }
}
