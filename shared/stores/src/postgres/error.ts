import { LoomError, StoreError, type StoreErrorKind } from '@loomgraph/core';
import { storeFull } from '../store-full.js';

/** SQLSTATE or its class -> kind; https://www.postgresql.org/docs/current/errcodes-appendix.html. The whole code wins over its class. */
const kindOfState: Readonly<Record<string, StoreErrorKind>> = {
  '08': 'unavailable', // connection exception
  '28': 'unavailable', // wrong user or password: nothing a caller can mend
  '3D': 'unavailable', // no such database
  '53': 'unavailable', // out of connections, memory or disk
  '25006': 'unavailable', // read_only_sql_transaction: a standby, or a primary that became one
  '57': 'unavailable', // shutdown, crash recovery, starting up
  '57014': 'timeout', // query_canceled: statement_timeout
  '55P03': 'timeout', // lock_not_available: lock_timeout
  '25P03': 'timeout', // idle_in_transaction_session_timeout
  '25P04': 'timeout', // transaction_timeout
  '40': 'conflict', // serialization_failure, deadlock_detected
  '23': 'constraint', // integrity constraint violation
  '22': 'constraint', // data exception
  '42': 'constraint', // unknown column, wrong type, no privilege
  '54': 'constraint', // program limit exceeded: a tsvector over 1 MB
  '55': 'conflict', // object_in_use, object not in prerequisite state
  XX: 'corrupt', // internal_error, data_corrupted, index_corrupted
  '58': 'corrupt', // system error, undefined file
};

const DISK_FULL = '53100';

/** Errors of the driver or the socket carry no SQLSTATE. The driver gives some of its own no code at all, only these words. */
const unavailableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);
const unavailableWords =
  /^Connection terminated|not queryable|Cannot use a pool|trying to connect|PGlite (is closed|is closing|failed)|already closed/i;
const timeoutWords = /^Query read timeout/;

/**
 * Turns an error of `pg` or PGlite into a StoreError. Errors that are none of the store's (a LoomError, a mistake in our own code)
 * pass unchanged.
 */
export function toSqlStoreError(store: 'postgres' | 'pglite', error: unknown): Error {
  if (error instanceof LoomError) return error;
  if (!(error instanceof Error)) return new StoreError('unavailable', store, String(error), { cause: error });
  if (sqlState(error) === DISK_FULL) return storeFull(store, `${store}: ${error.message}`, { cause: error });
  const kind = kindOf(error);
  return kind ? new StoreError(kind, store, `${store}: ${error.message}`, { cause: error }) : error;
}

/** Whether the connection that raised the error can serve no one else. */
export function endsConnection(error: Error): boolean {
  if (!(error instanceof StoreError)) return true;
  return (error.kind === 'unavailable' && !sqlState(error.cause)?.startsWith('53')) || (error.kind === 'timeout' && !sqlState(error.cause));
}

function kindOf(error: Error & { code?: unknown; errors?: unknown }): StoreErrorKind | undefined {
  const state = sqlState(error);
  if (state) return kindOfState[state] ?? kindOfState[state.slice(0, 2)] ?? 'constraint';
  // Node joins the failures of all addresses of a host in an AggregateError with the code of the first.
  if (typeof error.code === 'string' && unavailableCodes.has(error.code)) return 'unavailable';
  if (timeoutWords.test(error.message)) return 'timeout';
  if (unavailableWords.test(error.message)) return 'unavailable';
  return undefined;
}

function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  // EPIPE has five capitals too, but no SQLSTATE class starts with E.
  return typeof code === 'string' && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : undefined;
}
