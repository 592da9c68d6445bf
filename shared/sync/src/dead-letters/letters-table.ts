import type { RelationalStore } from '@loomgraph/stores/relational';
import type { DeadLetterFilter, DeadLetterKind } from './dead-letter.js';

/** Where the letters of a kind are kept, and what its columns are called there. */
export interface LettersTable {
  readonly kind: DeadLetterKind;
  readonly table: string;
  readonly source: string;
  readonly type: string;
  readonly recordId: string;
  readonly payload: string;
  /** Assignments that make a letter due again. */
  readonly revived: string;
  /** Assignments that give it up; without any the row goes. */
  readonly discarded?: string;
}

const tables: readonly LettersTable[] = [
  {
    kind: 'event',
    table: 'dead_event',
    source: 'consumer',
    type: 'type',
    recordId: 'event_id',
    payload: 'body',
    revived: `state = 'retry', attempts = 0`,
  },
  {
    kind: 'record',
    table: 'delivery',
    source: 'projection',
    type: 'record_type',
    recordId: 'record_id',
    payload: 'payload',
    revived: `state = 'pending', attempts = 0, available_at = 0, touches = touches + 1`,
    // Audits must know that somebody gave it up.
    discarded: `state = 'discarded'`,
  },
];

export function lettersTables(kind: DeadLetterKind | undefined): readonly LettersTable[] {
  return tables.filter((one) => kind === undefined || one.kind === kind);
}

export interface LetterRow {
  readonly source: string;
  readonly type: string;
  readonly record_id: string;
  readonly attempts: number;
  readonly error_code: string | null;
  readonly error: string | null;
  readonly failed_at: string | number | null;
  readonly payload?: string | null;
}

/** The columns of a letter by one name each; without the payload, which may be long. */
export const letterColumns = ({ source, type, recordId }: LettersTable): string =>
  `${source} as source, ${type} as type, ${recordId} as record_id, attempts, error_code, error, failed_at`;

/** The condition that a row is a dead letter and passes the filter. */
export function matching(
  letters: LettersTable,
  filter: Omit<DeadLetterFilter, 'kind'>,
): { readonly sql: string; readonly parameters: readonly string[] } {
  const conditions = [
    [letters.source, filter.source],
    [letters.type, filter.type],
    ['error_code', filter.code],
  ].flatMap(([column, value]) => (value === undefined ? [] : [{ sql: `${column} = ?`, value }]));
  return {
    sql: [`state = 'dead'`, ...conditions.map(({ sql }) => sql)].join(' and '),
    parameters: conditions.map(({ value }) => value),
  };
}

export const tableName = (store: RelationalStore, { table }: LettersTable): string => store.table(table);
