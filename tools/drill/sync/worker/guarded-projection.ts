import { setTimeout as sleep } from 'node:timers/promises';
import type { Projection, ProjectedDocument } from '@loomgraph/sync';
import type { Random } from '../../../harness/random.ts';
import type { Broken } from './worker-config.ts';

/** Short, so that pauses outlast it and workers that think they still hold a record meet those that took it over. */
const LEASE_MS = 2_500;
const ZOMBIE_ONE_IN = 60;
/** Without fences there is nothing to see but what zombies write. */
const UNFENCED_ZOMBIE_ONE_IN = 12;
/** Nothing is written in the last fifth of a lease: for as long as this, whoever begins to write holds the record. */
const SURELY_HELD = 0.2;

/** Who works on what, told to all workers of the run. */
export interface Occupancy {
  /** @returns whether nobody else had it. */
  enter(key: string, forMs: number): Promise<boolean>;
  leave(key: string): Promise<void>;
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
      const entered: string[] = [];
      for (const { id } of documents) {
        const key = `${projection.name}/${id}`;
        if (await occupancy.enter(key, LEASE_MS * SURELY_HELD)) entered.push(key);
        else violation(`two workers at once: ${key}`);
      }
      try {
        if (options.chaos && random.integer(1, zombieOneIn) === 1) {
          report(`zombie ${projection.name}`);
          await sleep(LEASE_MS * 1.5);
        }
        return await target.apply(broken === 'fencing' ? await unfenced(documents, target) : documents, applying);
      } finally {
        await Promise.all(entered.map((key) => occupancy.leave(key)));
      }
    },
  };
  return {
    ...projection,
    policy: { ...projection.policy, leaseMs: LEASE_MS, backoff: () => 200 },
    definition: { ...definition, target: guarded },
  };
}

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
