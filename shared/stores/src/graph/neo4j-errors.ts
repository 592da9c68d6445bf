import { LoomError, StoreError, type StoreErrorKind } from '@loomgraph/core';

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
  ['Neo.ClientError', 'constraint'],
  ['Neo.DatabaseError', 'corrupt'],
  ['ProtocolError', 'corrupt'],
  ['ServiceUnavailable', 'unavailable'],
  ['SessionExpired', 'unavailable'],
];
const unavailableWords = /connection acquisition timed out|pool is closed|driver.*closed|connection was closed/i;

/** Turns an error of the driver into a StoreError. A LoomError and a mistake in our own code pass unchanged. */
export function toNeo4jStoreError(error: unknown): Error {
  if (error instanceof LoomError) return error;
  if (!(error instanceof Error)) return new StoreError('unavailable', 'neo4j', String(error), { cause: error });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = kindOfCode.find(([beginning]) => code.startsWith(beginning));
  // The driver gives a full pool, and its own closing, no code.
  const kind = known?.[1] ?? (unavailableWords.test(error.message) ? 'unavailable' : undefined);
  return kind ? new StoreError(kind, 'neo4j', `neo4j: ${error.message}`, { cause: error, details: { neo4jCode: code } }) : error;
}

/** Whether a schema rule was refused because another process has just created the same one. */
export function isAlreadyThere(error: unknown): boolean {
  const code = error instanceof StoreError ? error.details['neo4jCode'] : undefined;
  return code === 'Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists' || code === 'Neo.ClientError.Schema.ConstraintAlreadyExists';
}
