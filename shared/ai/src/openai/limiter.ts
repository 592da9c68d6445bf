import { setTimeout as sleep } from 'node:timers/promises';

const MS_PER_MINUTE = 60_000;

export interface LimiterOptions {
  /** How many calls run at once. */
  readonly concurrency: number;
  /** Spread evenly after a burst of a sixth of it; no limit when left out. */
  readonly tokensPerMinute?: number;
  readonly requestsPerMinute?: number;
}

/** Holds calls back so that the provider need not refuse them. Shared by all calls of one embedder. */
export interface Limiter {
  /** @throws the reason of the signal, while the call waits */
  run<T>(tokens: number, signal: AbortSignal, call: () => Promise<T>): Promise<T>;
}

export function createLimiter(options: LimiterOptions): Limiter {
  const { concurrency, tokensPerMinute, requestsPerMinute } = options;
  const slots = createSlots(concurrency);
  const tokenPace = tokensPerMinute === undefined ? undefined : createPace(tokensPerMinute);
  const requestPace = requestsPerMinute === undefined ? undefined : createPace(requestsPerMinute);
  return {
    async run(tokens, signal, call) {
      const release = await slots.take(signal);
      try {
        const waitMs = Math.max(tokenPace?.(tokens) ?? 0, requestPace?.(1) ?? 0);
        if (waitMs > 0) await sleepUnlessAborted(waitMs, signal);
        return await call();
      } finally {
        release();
      }
    },
  };
}

function createSlots(count: number): { take(signal: AbortSignal): Promise<() => void> } {
  let free = count;
  const waiting = new Set<() => void>();
  const release = (): void => {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next();
  };
  return {
    take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return Promise.resolve(release);
      }
      return new Promise((resolve, reject) => {
        const settle = (): void => {
          waiting.delete(admit);
          signal.removeEventListener('abort', refuse);
        };
        const admit = (): void => {
          settle();
          resolve(release);
        };
        const refuse = (): void => {
          settle();
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the caller's own reason, as `AbortSignal` has it
          reject(signal.reason);
        };
        waiting.add(admit);
        signal.addEventListener('abort', refuse);
      });
    },
  };
}

/** A leaky bucket: each call books its share and learns how long to wait until the bucket has drained that far. */
function createPace(perMinute: number): (cost: number) => number {
  const perMs = perMinute / MS_PER_MINUTE;
  const burstMs = MS_PER_MINUTE / 6;
  let drainedAt = 0;
  return (cost) => {
    const now = performance.now();
    const start = Math.max(drainedAt, now);
    drainedAt = start + cost / perMs;
    return Math.max(0, start - now - burstMs);
  };
}

async function sleepUnlessAborted(waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal });
  } catch {
    throw signal.reason;
  }
}
