import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@loomgraph/core';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { SWEEP } from '@loomgraph/subgraph-resumes';
import { enqueueTask, OutboxRow } from '@loomgraph/sync';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import type { Journal } from './journal.ts';
import { openSubgraph, UPLOAD_TTL_MS } from './open-subgraph.ts';

/** Leases of killed processes last half a minute, and what they held is done after that. */
const TIMEOUT_MS = 240_000;
const LOOK_MS = 200;
/** Past the end of every upload, and the age at which an object without a row is swept. */
const AHEAD_MS = 2 * UPLOAD_TTL_MS + 2 * 86_400_000;

const MOST_SWEEPS = 50;

/** The record of resumes, to be read past the subgraph. */
export const openRecord = (stores: StoreSet): Promise<RelationalStore> =>
  stores.relational({ name: 'resumes', entities: [OutboxRow], migrations: [] });

/** Lets a process that nobody kills do what is left. @returns seconds; undefined where something was still owed when the time was up */
export async function settle(stores: StoreSet, journal: Journal): Promise<number | undefined> {
  const startedAt = performance.now();
  const subgraph = await openSubgraph({ stores, logger: silentLogger, metrics: createMetrics() });
  try {
    await subgraph.start();
    const record = await openRecord(stores);
    while (performance.now() - startedAt < TIMEOUT_MS) {
      if ((await countTasks(record)) === 0 && (await areErased(record, journal))) return (performance.now() - startedAt) / 1_000;
      await sleep(LOOK_MS);
    }
    return undefined;
  } finally {
    await subgraph.close();
  }
}

/** One whole sweep, days later: what users gave up has expired by then. */
export async function sweepLater(stores: StoreSet): Promise<void> {
  const clock = { now: () => new Date(systemClock.now().getTime() + AHEAD_MS) };
  const subgraph = await openSubgraph({ stores, logger: silentLogger, metrics: createMetrics(), clock });
  try {
    const record = await openRecord(stores);
    // A sweep ends so many uploads at once: it goes on until none is left, as it would hour by hour; what it never ends is for the check to find.
    for (let sweeps = 0; sweeps === 0 || (sweeps < MOST_SWEEPS && (await count(record, 'resume_upload')) > 0); sweeps += 1) {
      await record.transaction((em) => enqueueTask(record, em, { kind: SWEEP, key: 'objects' }));
      while (await subgraph.tasks.round());
    }
  } finally {
    await subgraph.close();
  }
}

async function countTasks(record: RelationalStore): Promise<number> {
  return count(record, 'task', `where kind <> '${SWEEP}'`);
}

/** Whether each erasure that the bus took has reached the record: nobody is told when it has. */
async function areErased(record: RelationalStore, journal: Journal): Promise<boolean> {
  const users = await record.read().execute<{ user_id: string }[]>(`select distinct user_id from ${record.table('resume')}`);
  return !users.some(({ user_id }) => journal.erasedUsers.has(user_id));
}

async function count(record: RelationalStore, table: string, where = ''): Promise<number> {
  const [row] = await record.read().execute<{ n: number | string }[]>(`select count(*) as n from ${record.table(table)} ${where}`);
  return Number(row?.n ?? 0);
}
