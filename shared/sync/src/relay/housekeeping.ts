import type { RelationalStore } from '@loomgraph/stores/relational';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../dialect.js';
import { INBOX_HORIZON_MS } from '../inbox/horizon.js';
import type { Faults } from './faults.js';
import { writeOne } from './statement.js';

/** How long the engine remembers what is over, in ms. */
export interface Retention {
  /** What consumers have applied; longer than events can be replayed. Default `INBOX_HORIZON_MS`. */
  readonly inboxMs: number;
  /** What became of dead letters. Default 180 days. */
  readonly deadLetterLogMs: number;
  /** Jobs that ended. Default 30 days. */
  readonly jobMs: number;
}

const DAY_MS = 86_400_000;
export const defaultRetention: Retention = { inboxMs: INBOX_HORIZON_MS, deadLetterLogMs: 180 * DAY_MS, jobMs: 30 * DAY_MS };

/** Rows per statement, so that no lock is held for long. */
const SLICE = 1_000;
/** Between two slices others have the database. */
const PAUSE_MS = 50;
/** Slices of one table in one go. */
const SLICES = 100;

/** Deletes what is older than its retention, in bounded slices. @returns how many rows went, per table */
export async function cleanUp(store: RelationalStore, retention: Retention, faults: Faults): Promise<Record<string, number>> {
  const gone: Record<string, number> = {};
  const clean = async (slice: Slice): Promise<void> => {
    let [count, total] = [SLICE, 0];
    for (let slices = 0; count === SLICE && slices < SLICES; slices++) {
      if (slices > 0) await sleep(PAUSE_MS);
      count = await deleteSlice(store, slice);
      total += count;
      await faults('housekeeping.slice');
    }
    gone[slice.table] = total;
  };
  await clean({ table: 'inbox', key: ['consumer', 'event_id'], age: 'applied_at', ageMs: retention.inboxMs });
  await clean({ table: 'dead_letter_log', key: ['id'], age: 'at', ageMs: retention.deadLetterLogMs });
  await clean({ table: 'job', key: ['id'], age: 'ended_at', ageMs: retention.jobMs });
  return gone;
}

interface Slice {
  readonly table: string;
  readonly key: readonly string[];
  /** The column that holds the time; rows without one stay. */
  readonly age: string;
  readonly ageMs: number;
}

/** MySQL deletes a given number of rows, PostgreSQL does not. */
function deleteSlice(store: RelationalStore, { table, key, age, ageMs }: Slice): Promise<number> {
  const name = store.table(table);
  const old = `${age} < ${nowMs(store.dialect)} - ${ageMs}`;
  const sql =
    store.dialect === 'postgresql'
      ? `delete from ${name} where (${key.join(', ')}) in (select ${key.join(', ')} from ${name} where ${old} limit ${SLICE})`
      : `delete from ${name} where ${old} limit ${SLICE}`;
  return writeOne(store, sql, []);
}
