import { decodeCursor, encodeCursor, LoomError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import {
  decodeLetterId,
  encodeLetterId,
  type DeadLetter,
  type DeadLetterDetail,
  type DeadLetterFilter,
  type DeadLetterKind,
} from './dead-letter.js';
import { letterColumns, lettersTables, matching, tableName, type LetterRow, type LettersTable } from './letters-table.js';

export interface DeadLetterPage {
  readonly letters: readonly (DeadLetter & { readonly cursor: string })[];
  readonly hasNextPage: boolean;
}

/** A page of the letters that pass the filter, newest first. @throws LoomError BAD_USER_INPUT, INVALID_CURSOR */
export async function listLetters(
  store: RelationalStore,
  { kind, ...filter }: DeadLetterFilter,
  { first, after }: { readonly first: number; readonly after?: string },
): Promise<DeadLetterPage> {
  if (!Number.isInteger(first) || first < 1) throw new LoomError('BAD_USER_INPUT', 'first must be a positive whole number.');
  const position = after === undefined ? undefined : toPosition(after);
  const found = await Promise.all(
    lettersTables(kind).map(async (letters) => {
      const where = matching(letters, filter);
      const beyond = position && behind(letters, position);
      const rows = await store.read().execute<LetterRow[]>(
        `select ${letterColumns(letters)} from ${tableName(store, letters)} where ${where.sql} ${beyond ? `and ${beyond.sql}` : ''}
         order by failed_at desc, ${letters.source}, ${letters.type}, ${letters.recordId} limit ${first + 1}`,
        [...where.parameters, ...(beyond?.parameters ?? [])],
      );
      return rows.map((row) => toLetter(letters.kind, row));
    }),
  );
  // The sort keeps the order of equals: by kind, as the tables are listed.
  const newest = found.flat().toSorted((a, b) => b.failedAt - a.failedAt);
  return {
    letters: newest.slice(0, first).map((letter) => ({
      ...letter,
      cursor: encodeCursor(CURSOR, [letter.failedAt, letter.kind, letter.source, letter.type, letter.recordId]),
    })),
    hasNextPage: newest.length > first,
  };
}

/** @returns undefined when there is no such letter (any more) */
export async function getLetter(store: RelationalStore, id: string): Promise<DeadLetterDetail | undefined> {
  const { kind, source, type, recordId } = decodeLetterId(id);
  const [letters] = lettersTables(kind);
  if (!letters) return undefined;
  const [row] = await store
    .read()
    .execute<LetterRow[]>(
      `select ${letterColumns(letters)}, ${letters.payload} as payload from ${tableName(store, letters)} where state = 'dead' and ${letters.source} = ? and ${letters.type} = ? and ${letters.recordId} = ?`,
      [source, type, recordId],
    );
  return row && { ...toLetter(kind, row), payload: row.payload ?? undefined };
}

function toLetter(kind: DeadLetterKind, row: LetterRow): DeadLetter {
  const key = { kind, source: row.source, type: row.type, recordId: row.record_id };
  return {
    ...key,
    id: encodeLetterId(key),
    attempts: row.attempts,
    code: row.error_code ?? '',
    error: row.error ?? '',
    failedAt: Number(row.failed_at ?? 0),
  };
}

interface Position {
  readonly failedAt: number;
  readonly kind: DeadLetterKind;
  readonly key: readonly [string, string, string];
}

const CURSOR = 'dead-letters';

function toPosition(cursor: string): Position {
  const [failedAt, kind, ...key] = decodeCursor(cursor, CURSOR);
  const [source, type, recordId] = key;
  if (typeof failedAt !== 'number' || (kind !== 'record' && kind !== 'event') || !isText(source) || !isText(type) || !isText(recordId))
    throw new LoomError('INVALID_CURSOR', 'The cursor was not issued by this list.');
  return { failedAt, kind, key: [source, type, recordId] };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The rows behind a position: kinds are in the order of their names where the times are equal. */
function behind({ kind, source, type, recordId }: LettersTable, at: Position): { sql: string; parameters: (string | number)[] } {
  if (kind < at.kind) return { sql: 'failed_at < ?', parameters: [at.failedAt] };
  if (kind > at.kind) return { sql: 'failed_at <= ?', parameters: [at.failedAt] };
  return {
    sql: `(failed_at < ? or (failed_at = ? and (${source}, ${type}, ${recordId}) > (?, ?, ?)))`,
    parameters: [at.failedAt, at.failedAt, ...at.key],
  };
}
