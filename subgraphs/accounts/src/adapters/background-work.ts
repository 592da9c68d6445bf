import { LoomError } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import type { Background } from '../domain/ports.js';

/** At once; more than this waiting means that something hangs, and memory is not for it. */
const MAX_WAITING = 1_000;

export interface BackgroundWork extends Background {
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** Runs work beside the answer; what fails is logged, since nobody waits for it. */
export function createBackgroundWork(logger: Logger): BackgroundWork {
  const running = new Set<Promise<void>>();
  return {
    run(what, work) {
      if (running.size >= MAX_WAITING) throw new LoomError('STORE_UNAVAILABLE', 'Too much is waiting to be done; ask again later.');
      const task = work().catch((error: unknown) => logger.error('Work in the background failed.', { what, error }));
      running.add(task);
      void task.finally(() => running.delete(task));
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
