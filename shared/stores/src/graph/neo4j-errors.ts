import { LoomError, StoreError, type StoreErrorKind } from '@loomgraph/core';
import { storeFull } from '../store-full.js';

/**
 * Status code, or its longest known beginning -> kind; https://neo4j.com/docs/status-codes/current/errors/all-errors/ and, without dots,
 * the driver's own.
 */
const kindOfCode: readonly (readonly [string, StoreErrorKind])[] = [
  ['Neo.TransientError.Transaction.DeadlockDetected', 'conflict'],
  ['Neo.TransientError.Transaction.LockClientStopped', 'conflict'],
  ['Neo.TransientError.Transaction.Outdated', 'conflict'],
  ['Neo.TransientError.Transaction.LockAcquisitionTimeout', 'timeout'],
  ['Neo.TransientError', 'unavailable'],
  ['Neo.ClientError.Transaction.TransactionTimedOut', 'timeout'],
  ['Neo.ClientError.Transaction.LockAcquisitionTimeout', 'timeout'],
  // The server ended the transaction (shutdown, operator): run again, it may pass.
  ['Neo.ClientError.Transaction', 'unavailable'],
  ['Neo.ClientError.Cluster', 'unavailable'],
  // Wrong user or password, no such database: nothing a caller can mend.
  ['Neo.ClientError.Security', 'unavailable'],
  ['Neo.ClientError.Database', 'unavailable'],
  // A read-only database or server, and one that stopped itself: an operator is needed, no document is at fault.
  ['Neo.ClientError.General.ForbiddenOnReadOnlyDatabase', 'unavailable'],
  ['Neo.ClientError.General.WriteOnReadOnlyAccessDatabase', 'unavailable'],
  ['Neo.ClientError.Routing', 'unavailable'],
  ['Neo.ClientError', 'constraint'],
  ['Neo.DatabaseError.Transaction', 'unavailable'],
  ['Neo.DatabaseError.Database', 'unavailable'],
  ['Neo.DatabaseError', 'corrupt'],
  ['ProtocolError', 'corrupt'],
  ['ServiceUnavailable', 'unavailable'],
  ['SessionExpired', 'unavailable'],
];
/** The codes do not tell a full disk from other failures of a commit; the operating system's words do. */
const fullWords = /no space left on device|not enough space|disk (is )?full/i;
/** A database that panicked takes nothing until it is restarted, under whatever code. */
const unavailableWords = /needs to be restarted|connection acquisition timed out|pool is closed|driver.*closed|connection was closed/i;

/** Codes of a transaction that the server ended: for its timeout, for an operator, or for a shutdown. Which, only the clock tells. */
const endedByServer = /^Neo\.(Client|Transient)Error\.Transaction\.(LockClientStopped|Terminated|TransactionMarkedAsTerminated)/;

/**
 * Turns an error of the driver into a StoreError. A LoomError and a mistake in our own code pass unchanged.
 * `isOverdue`: the transaction had used up its time.
 */
export function toNeo4jStoreError(error: unknown, { isOverdue = false }: { isOverdue?: boolean } = {}): Error {
  if (error instanceof LoomError) return error;
  if (!(error instanceof Error)) return new StoreError('unavailable', 'neo4j', String(error), { cause: error });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = kindOfCode.find(([beginning]) => code.startsWith(beginning));
  const failure = [`neo4j: ${error.message}`, { cause: error, details: { neo4jCode: code } }] as const;
  // What a client did wrong is told in words of the documents.
  const words = code.startsWith('Neo.ClientError') ? '' : wordsOf(error);
  if (fullWords.test(words)) return storeFull('neo4j', ...failure);
  // The driver gives a full pool, and its own closing, no code.
  const kind = isOverdue && endedByServer.test(code) ? 'timeout' : unavailableWords.test(words) ? 'unavailable' : known?.[1];
  return kind ? new StoreError(kind, 'neo4j', ...failure) : error;
}

/** Whether a schema rule was refused because another process has just created the same one. */
export function isAlreadyThere(error: unknown): boolean {
  const code = error instanceof StoreError ? error.details['neo4jCode'] : undefined;
  return code === 'Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists' || code === 'Neo.ClientError.Schema.ConstraintAlreadyExists';
}

/** The message, and those of its causes. */
function wordsOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}; ${wordsOf(error.cause)}` : error.message;
}
