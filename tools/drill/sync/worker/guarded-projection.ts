import { setTimeout as sleep } from 'node:timers/promises';
import type { Projection, ProjectedDocument } from '@loomgraph/sync';
import type { Random } from '../../../harness/random.ts';
import type { Broken } from './worker-config.ts';

/** Short, so that pauses outlast it and workers that think they still hold a record meet those that took it over. */
const LEASE_MS = 2_500;
const ZOMBIE_ONE_IN = 60;
/** Without fences there is nothing to see but what zombies write. */
const UNFENCED_ZOMBIE_ONE_IN = 4;
/** Nothing is written in the last fifth of a lease: for as long as this, whoever begins to write holds the record. */
const SURELY_HELD = 0.2;

/** Who works on what, told to all workers of the run. */
export interface Occupancy {
  /** Takes them until a moment of the machine's clock. @returns those that somebody else had */
  enter(keys: readonly string[], untilMs: number): Promise<readonly string[]>;
  leave(keys: readonly string[]): Promise<void>;
}

/**
 * A projection as the drill runs it: leases are short, some writes come long after the lease ended, and two workers inside the lease of one record are
 * reported. A build without fences loses them here.
 */
export function guardedProjection(
  projection: Projection,
  options: {
    readonly random: Random;
    readonly occupancy: Occupancy;
    readonly chaos: boolean;
    readonly broken: Broken | undefined;
    readonly report: (fault: string) => void;
    readonly violation: (what: string) => void;
  },
): Projection {
  const { random, occupancy, broken, report, violation } = options;
  const { definition } = projection;
  const { target } = definition;
  const zombieOneIn = broken === 'fencing' ? UNFENCED_ZOMBIE_ONE_IN : ZOMBIE_ONE_IN;

  const guarded: typeof target = {
    ...target,
    async apply(documents, applying) {
      // From now: what it takes to say so may take longer than the lease.
      const until = machineNowMs() + LEASE_MS * SURELY_HELD;
      const keys = documents.map(({ id }) => `${projection.name}/${id}`);
      const taken = await occupancy.enter(keys, until);
      for (const key of taken) violation(`two workers at once: ${key}`);
      try {
        if (options.chaos && random.integer(1, zombieOneIn) === 1) {
          report(`zombie ${projection.name}`);
          await sleep(LEASE_MS * 1.5);
        }
        return await target.apply(broken === 'fencing' ? await unfenced(documents, target) : documents, applying);
      } finally {
        await occupancy.leave(keys.filter((key) => !taken.includes(key)));
      }
    },
  };
  return {
    ...projection,
    policy: { ...projection.policy, leaseMs: LEASE_MS, backoff: () => 200 },
    definition: { ...definition, target: guarded },
  };
}

/** The wall clock, which the drill does not move: it moves `Date.now`. */
const machineNowMs = (): number => performance.timeOrigin + performance.now();

/** Documents that overwrite whatever is there: what a target without a fence would do. */
async function unfenced(
  documents: readonly ProjectedDocument<unknown>[],
  target: Projection['definition']['target'],
): Promise<readonly ProjectedDocument<unknown>[]> {
  const ids = documents.map(({ id }) => id);
  const stored = new Map((await target.entries(ids)).flatMap((entry) => (entry ? [[entry.id, entry] as const] : [])));
  return documents.map((document) => {
    const entry = stored.get(document.id);
    return entry ? { ...document, replaces: { revision: entry.revision, fence: entry.fence } } : document;
  });
}
