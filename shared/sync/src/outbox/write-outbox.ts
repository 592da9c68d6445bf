import type { SyncPosition } from '@loomgraph/core';
import type { InferEntity } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { placeholders } from '../dialect.js';
import { OutboxRow } from './row.js';

export type OutboxEntry = Omit<InferEntity<typeof OutboxRow>, 'id'>;

/** Rows of one statement. PostgreSQL takes 65,535 parameters, MySQL a packet of 64 MiB by default. */
const ROWS_AT_ONCE = 1_000;

/** What running transactions will put into the outbox. Entries of one that is rolled back go with its entity manager. */
const waiting = new WeakMap<object, OutboxEntry[]>();

/** To be written by `writeOutbox` before this transaction commits. */
export function enterOutbox(em: EntityManager, entry: OutboxEntry): void {
  const entries = waiting.get(em);
  if (entries) entries.push(entry);
  else waiting.set(em, [entry]);
}

/** For a transaction that was rolled back, where its entity manager may begin another. */
export function forgetEntries(em: object): void {
  waiting.delete(em);
}

/**
 * Writes what waits, in one statement; as an entity, a row took the writer 0.14 ms longer.
 * Answers from the first to the last change of a record among them, undefined where there is none: events have no readers to wait.
 */
export async function writeOutbox(em: EntityManager): Promise<SyncPosition | undefined> {
  const entries = waiting.get(em);
  if (!entries) return undefined;
  waiting.delete(em);
  let first = Infinity;
  let last = 0;
  for (let from = 0; from < entries.length; from += ROWS_AT_ONCE) {
    const rows = entries.slice(from, from + ROWS_AT_ONCE);
    const ids = await insertRows(em, rows);
    for (const [index, { kind }] of rows.entries()) {
      if (kind !== 'c') continue;
      first = Math.min(first, ids[index] ?? first);
      last = Math.max(last, ids[index] ?? last);
    }
  }
  return last > 0 ? [first, last] : undefined;
}

const COLUMNS = ['kind', 'record_type', 'record_id', 'revision', 'deleted', 'event', 'traceparent', 'occurred_at'];

/** Answers their ids, in the order of the rows. */
async function insertRows(em: EntityManager, rows: readonly OutboxEntry[]): Promise<readonly number[]> {
  const platform = em.getPlatform();
  const schema = em.config.getSchema();
  const table = platform.quoteIdentifier(schema === undefined ? OutboxRow.meta.tableName : `${schema}.${OutboxRow.meta.tableName}`);
  const sql = `insert into ${table} (${COLUMNS.join(', ')}) values ${placeholders(rows.length, COLUMNS.length)}`;
  const values = rows.flatMap((row) => [
    row.kind,
    row.recordType,
    row.recordId,
    row.revision,
    row.deleted,
    row.event,
    row.traceparent,
    row.occurredAt,
  ]);
  if (platform.usesReturningStatement()) {
    const inserted = await em.execute<{ id: string | number }[]>(`${sql} returning id`, values);
    return inserted.map(({ id }) => Number(id));
  }
  const { insertId } = await em.execute<{ insertId: number }>(sql, values, 'run');
  if (rows.length === 1) return [insertId];
  // Rows of one statement follow each other; not by one where several servers write.
  const [{ step } = { step: 1 }] = await em.execute<{ step: number }[]>('select @@auto_increment_increment as step');
  return rows.map((_, index) => insertId + index * step);
}
