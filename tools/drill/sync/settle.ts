import { deadLetters, isQuiet, jobs } from '@loomgraph/sync';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { setTimeout as sleep } from 'node:timers/promises';

/** Patience: how much is owed when the faults are over depends on the machine. */
const TIMEOUT_MS = 420_000;
/** Consumers are asked nothing: an event that was published is theirs within this. */
const CONSUMERS_MS = 3_000;

/** Waits until nothing is owed to any projection, no event waits and every job has ended. @returns seconds; undefined when that did not come */
export async function waitUntilQuiet(record: RelationalStore): Promise<number | undefined> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < TIMEOUT_MS) {
    if ((await isQuiet(record)) && (await openJobs(record)) === 0) {
      await sleep(CONSUMERS_MS);
      return (performance.now() - startedAt) / 1_000;
    }
    await sleep(100);
  }
  return undefined;
}

/** Jobs that wait or run, counted up to one of each. */
export async function openJobs(record: RelationalStore): Promise<number> {
  const [queued, running] = await Promise.all([
    jobs(record).list({ state: 'queued', limit: 1 }),
    jobs(record).list({ state: 'running', limit: 1 }),
  ]);
  return queued.items.length + running.items.length;
}

/** What the auditors have found in the last cycle that ended, or in the one under way: by projection and class, those with any. */
export async function readDrift(record: RelationalStore): Promise<readonly { readonly where: string; readonly count: number }[]> {
  const rows = await record
    .read()
    .execute<Record<string, number | string>[]>(`select projection, missing, stale, orphan, corrupt from ${record.table('audit')}`);
  return rows.flatMap(({ projection, ...classes }) =>
    Object.entries(classes).flatMap(([name, count]) =>
      Number(count) > 0 ? [{ where: `${projection} ${name}`, count: Number(count) }] : [],
    ),
  );
}

/** Tries every dead letter again. @returns how many there were */
export function retryAll(record: RelationalStore): Promise<number> {
  return deadLetters(record).retry({ filter: {} }, { actor: 'drill' });
}
