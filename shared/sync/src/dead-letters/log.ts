import { LoomError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';

/** What somebody decided about a dead letter. */
export interface DeadLetterLogEntry {
  readonly cursor: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly actor: string;
  readonly action: 'retry' | 'discard';
  readonly source: string;
  readonly type: string;
  readonly recordId: string;
  readonly code: string | undefined;
  readonly reason: string | undefined;
}

export interface DeadLetterLogPage {
  readonly entries: readonly DeadLetterLogEntry[];
  readonly hasNextPage: boolean;
}

interface LogRow {
  readonly id: string | number;
  readonly at: string | number;
  readonly actor: string;
  readonly action: 'retry' | 'discard';
  readonly source: string;
  readonly record_type: string;
  readonly record_id: string;
  readonly error_code: string | null;
  readonly reason: string | null;
}

/** @throws LoomError INVALID_CURSOR */
export async function readLog(
  store: RelationalStore,
  { first, after }: { readonly first: number; readonly after?: string },
): Promise<DeadLetterLogPage> {
  if (after !== undefined && !/^\d{1,18}$/.test(after)) throw new LoomError('INVALID_CURSOR', 'The cursor was not issued by this list.');
  if (!Number.isInteger(first) || first < 1) throw new LoomError('BAD_USER_INPUT', 'first must be a positive whole number.');
  const rows = await store.read().execute<LogRow[]>(
    `select id, at, actor, action, source, record_type, record_id, error_code, reason from ${store.table('dead_letter_log')}
     ${after === undefined ? '' : 'where id < ?'} order by id desc limit ${first + 1}`,
    after === undefined ? [] : [Number(after)],
  );
  return {
    entries: rows.slice(0, first).map((row) => ({
      cursor: String(row.id),
      at: Number(row.at),
      actor: row.actor,
      action: row.action,
      source: row.source,
      type: row.record_type,
      recordId: row.record_id,
      code: row.error_code ?? undefined,
      reason: row.reason ?? undefined,
    })),
    hasNextPage: rows.length > first,
  };
}
