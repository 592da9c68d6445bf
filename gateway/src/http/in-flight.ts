import type { ServerResponse } from 'node:http';

/** Requests that have begun and not ended, so that a shutdown can wait for them. */
export interface InFlight {
  /** Counts one more; each must be ended once. */
  begin(): void;
  end(): void;
  /** Counts a response until it is sent or its connection is lost. */
  track(response: ServerResponse): void;
  count(): number;
  /** One of them only waits for events from here to its end: it is no work. The function ends that. */
  rest(): () => void;
  /** Without those that only wait. */
  busy(): number;
  /** Resolves when none is left, or after `graceMs`; answers how many were left. */
  drained(graceMs: number): Promise<number>;
}

export function createInFlight(): InFlight {
  let count = 0;
  let resting = 0;
  const waiting = new Set<() => void>();
  const begin = (): void => {
    count += 1;
  };
  const end = (): void => {
    count -= 1;
    if (count === 0) for (const resolve of waiting) resolve();
  };
  return {
    begin,
    end,
    track(response) {
      begin();
      response.once('close', end);
    },
    count: () => count,
    rest() {
      resting += 1;
      return () => {
        resting -= 1;
      };
    },
    busy: () => count - resting,
    async drained(graceMs) {
      if (count > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, graceMs);
          waiting.add(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
      return count;
    },
  };
}
