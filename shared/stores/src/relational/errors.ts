import { LoomError, StoreError, type StoreErrorKind } from '@loomgraph/core';
import {
  ConnectionException,
  ConstraintViolationException,
  DeadlockException,
  LockWaitTimeoutException,
  OptimisticLockError,
  UniqueConstraintViolationException,
} from '@mikro-orm/core';

/** Codes MikroORM's converters leave alone: drivers' connection codes and SQLSTATEs, https://www.postgresql.org/docs/18/errcodes-appendix.html */
const kindOfCode: Record<string, StoreErrorKind> = {
  ECONNREFUSED: 'unavailable',
  ECONNRESET: 'unavailable',
  EPIPE: 'unavailable',
  ENOTFOUND: 'unavailable',
  EAI_AGAIN: 'unavailable',
  PROTOCOL_CONNECTION_LOST: 'unavailable',
  ER_CON_COUNT_ERROR: 'unavailable',
  ER_SERVER_SHUTDOWN: 'unavailable',
  POOL_CLOSED: 'unavailable',
  ETIMEDOUT: 'timeout',
  PROTOCOL_SEQUENCE_TIMEOUT: 'timeout',
  ER_LOCK_WAIT_TIMEOUT: 'timeout',
  ER_QUERY_TIMEOUT: 'timeout',
  ER_LOCK_DEADLOCK: 'conflict',
  ER_CHECKREAD: 'conflict',
  '40001': 'conflict',
  '40P01': 'conflict',
  '55P03': 'timeout',
  '57014': 'timeout',
  '57P01': 'unavailable',
  '57P03': 'unavailable',
  '53300': 'unavailable',
};

/** Vendor words for a connection that is gone, where the driver gives no code. */
const CONNECTION_GONE =
  /connection (is )?(closed|in closed state|lost|terminated)|pool is closed|driver (has already been )?destroyed|server has gone away|PGlite is clos/i;

/** Classifies what MikroORM or a driver threw; errors that are not the store's come back unchanged. */
export function toStoreError(error: unknown, store: string): unknown {
  if (error instanceof LoomError || !(error instanceof Error)) return error;
  const kind = classify(error);
  return kind ? new StoreError(kind, store, `${store}: ${firstLine(error.message)}`, { cause: error }) : error;
}

/** Whether running the same transaction again may succeed: a deadlock or a serialisation failure, not a taken name. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof StoreError &&
    error.kind === 'conflict' &&
    !(error.cause instanceof UniqueConstraintViolationException) &&
    !(error.cause instanceof OptimisticLockError)
  );
}

function classify(error: Error): StoreErrorKind | undefined {
  if (error instanceof UniqueConstraintViolationException || error instanceof DeadlockException || error instanceof OptimisticLockError)
    return 'conflict';
  if (error instanceof LockWaitTimeoutException) return 'timeout';
  if (error instanceof ConstraintViolationException) return 'constraint';
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === 'string' && kindOfCode[code]) return kindOfCode[code];
  }
  if (error instanceof ConnectionException || CONNECTION_GONE.test(error.message)) return 'unavailable';
  return undefined;
}

const firstLine = (message: string): string => (message.split('\n')[0] ?? message).slice(0, 300);
