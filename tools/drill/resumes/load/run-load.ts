import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../harness/random.ts';
import type { Journal } from '../journal.ts';
import { DrillUser } from './user.ts';
import type { WorkerPool } from './worker-pool.ts';

const USERS_AT_ONCE = 6;
const ACTS = { from: 4, to: 24 };
const PAUSE_MS = { from: 0, to: 120 };
/** Of users that have done what they came for. */
const LEAVING_SHARE = 0.5;

/** Users come, do this and that, and half of them close their account when they go. Ends when the signal says so, and nothing is half-asked. */
export async function runLoad(options: {
  readonly pool: WorkerPool;
  readonly random: Random;
  readonly journal: Journal;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { pool, random, journal, signal } = options;
  await Promise.all(
    Array.from({ length: USERS_AT_ONCE }, async (_, place) => {
      const own = random.fork(`users ${place}`);
      for (let number = 0; !signal.aborted; number += 1) {
        const user = new DrillUser(`user-${place}-${number}`, { pool, random: own.fork(`${number}`), journal });
        const acts = own.integer(ACTS.from, ACTS.to);
        for (let act = 0; act < acts && !signal.aborted; act += 1) {
          await user.act();
          await sleep(own.integer(PAUSE_MS.from, PAUSE_MS.to));
        }
        if (own.next() < LEAVING_SHARE) await user.leave();
      }
    }),
  );
}
