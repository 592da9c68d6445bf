import { LoomError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs, placeholders } from '../dialect.js';
import { decodeLetterId, type DeadLetterFilter } from './dead-letter.js';
import { letterColumns, lettersTables, matching, tableName, type LetterRow, type LettersTable } from './letters-table.js';

/** Letters by id, or all that pass a filter. */
export type Which = { readonly ids: readonly string[] } | { readonly filter: DeadLetterFilter };

export interface Decision {
  readonly action: 'retry' | 'discard';
  /** Who decided. */
  readonly actor: string;
  readonly reason?: string;
}

/** Letters decided on in one transaction. */
const SLICE = 500;

/**
 * Decides on letters and logs each decision in the same transaction, slice by slice. Letters that die again while it runs are left for another
 * decision.
 * @returns on how many
 * @throws LoomError BAD_USER_INPUT
 */
export async function decide(store: RelationalStore, which: Which, decision: Decision): Promise<number> {
  if (decision.actor.trim() === '') throw new LoomError('BAD_USER_INPUT', 'Who decides must be known.');
  if (decision.action === 'discard' && !decision.reason?.trim()) throw new LoomError('BAD_USER_INPUT', 'Discarding needs a reason.');
  if ('ids' in which) {
    const keys = which.ids.map(decodeLetterId);
    let count = 0;
    for (const letters of lettersTables(undefined)) {
      const wanted = keys.filter(({ kind }) => kind === letters.kind);
      for (let start = 0; start < wanted.length; start += SLICE) {
        const slice = wanted.slice(start, start + SLICE);
        count += await decideOn(store, letters, decision, {
          sql: `state = 'dead' and (${letters.source}, ${letters.type}, ${letters.recordId}) in (${placeholders(slice.length, 3)})`,
          parameters: slice.flatMap(({ source, type, recordId }) => [source, type, recordId]),
        });
      }
    }
    return count;
  }
  const { kind, ...filter } = which.filter;
  const [{ now } = { now: 0 }] = await store.read().execute<{ now: string | number }[]>(`select ${nowMs(store.dialect)} as now`);
  let count = 0;
  for (const letters of lettersTables(kind)) {
    const where = matching(letters, filter);
    const before = { sql: `${where.sql} and failed_at <= ?`, parameters: [...where.parameters, Number(now)] };
    for (;;) {
      const decided = await decideOn(store, letters, decision, before);
      count += decided;
      if (decided < SLICE) break;
    }
  }
  return count;
}

interface Where {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

function decideOn(store: RelationalStore, letters: LettersTable, decision: Decision, where: Where): Promise<number> {
  return store.transaction(async (em) => {
    const rows = await em.execute<LetterRow[]>(
      `select ${letterColumns(letters)} from ${tableName(store, letters)} where ${where.sql} order by failed_at limit ${SLICE} for update`,
      [...where.parameters],
    );
    if (rows.length === 0) return 0;
    const assignments = decision.action === 'retry' ? letters.revived : letters.discarded;
    const table = tableName(store, letters);
    await em.execute(
      `${assignments === undefined ? `delete from ${table}` : `update ${table} set ${assignments}`}
       where (${letters.source}, ${letters.type}, ${letters.recordId}) in (${placeholders(rows.length, 3)})`,
      rows.flatMap((row) => [row.source, row.type, row.record_id]),
      'run',
    );
    await log(store, em, rows, decision);
    return rows.length;
  });
}

async function log(
  store: RelationalStore,
  em: EntityManager,
  rows: readonly LetterRow[],
  { action, actor, reason }: Decision,
): Promise<void> {
  await em.execute(
    `insert into ${store.table('dead_letter_log')} (at, actor, action, source, record_type, record_id, error_code, reason)
     values ${rows.map(() => `(${nowMs(store.dialect)}, ?, ?, ?, ?, ?, ?, ?)`).join(', ')}`,
    rows.flatMap((row) => [actor.slice(0, 191), action, row.source, row.type, row.record_id, row.error_code, reason ?? null]),
    'run',
  );
}
