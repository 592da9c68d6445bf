/** Something that must end in time. */
export interface Timed {
  /** By `performance.now()`. */
  readonly startedAt: number;
  expire(): void;
}

/** Ends what takes too long, where everything may take equally long: the first to begin is the first that is due. */
export interface Deadlines {
  begin(timed: Timed): void;
  /** To be called whatever came of it, also after `expire`. */
  end(timed: Timed): void;
}

/** With one timer for all, which is left to run when they have ended: to set and clear one for each request costs 2 µs. */
export function createDeadlines(limitMs: number): Deadlines {
  const running = new Set<Timed>();
  let timer: NodeJS.Timeout | undefined;
  const arm = (ms: number): void => {
    timer = setTimeout(check, ms).unref();
  };
  const check = (): void => {
    timer = undefined;
    const now = performance.now();
    for (const timed of running) {
      const leftMs = timed.startedAt + limitMs - now;
      if (leftMs > 0) {
        arm(Math.ceil(leftMs));
        return;
      }
      running.delete(timed);
      timed.expire();
    }
  };
  return {
    begin(timed) {
      running.add(timed);
      if (timer === undefined) arm(limitMs);
    },
    end: (timed) => void running.delete(timed),
  };
}
