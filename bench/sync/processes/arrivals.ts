/** What has reached the targets of a relay, and who waits for it. */
export interface Arrivals {
  add(target: string, record: number, revision: number, atMs: number): void;
  published(count: number): void;
  /** Resolves once so many have arrived from now on. @throws Error after `timeoutMs` */
  until(count: number, timeoutMs: number): Promise<void>;
  take(): (number | string)[];
}

export function createArrivals(): Arrivals {
  let log: (number | string)[] = [];
  let waiting: { left: number; done: () => void } | undefined;
  const count = (arrived: number): void => {
    if (!waiting) return;
    waiting.left -= arrived;
    if (waiting.left <= 0) waiting.done();
  };
  return {
    add(target, record, revision, atMs) {
      log.push(target, record, revision, atMs);
      count(1);
    },
    published: count,
    async until(expected, timeoutMs) {
      if (expected === 0) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting = { left: expected, done: resolve };
      const timer = setTimeout(
        () => reject(new Error(`${waiting?.left} of ${expected} had not arrived after ${timeoutMs / 1_000} s.`)),
        timeoutMs,
      );
      try {
        await promise;
      } finally {
        clearTimeout(timer);
        waiting = undefined;
      }
    },
    take() {
      const taken = log;
      log = [];
      return taken;
    },
  };
}
