import { setTimeout as sleep } from 'node:timers/promises';

/** Lets through so many records per second; the rate is asked for before each page, so it follows what else goes on. */
export function createPace(perSecond: () => Promise<number>, signal: AbortSignal, now: () => number = () => performance.now()) {
  let free = now();
  return async (records: number): Promise<void> => {
    signal.throwIfAborted();
    const waitMs = free - now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    free = Math.max(free, now()) + (records / (await perSecond())) * 1_000;
  };
}
