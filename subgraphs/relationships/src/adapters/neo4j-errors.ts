import { LoomError, StoreError, type StoreErrorKind } from '@loomgraph/core';
import { Neo4jError } from 'neo4j-driver';

/**
 * Beginning of a status code → kind, first match; https://neo4j.com/docs/status-codes/current/errors/all-errors/ and, without dots, the
 * driver's own. Whatever else a reader meets is the server's passing state.
 */
const kindOfCode: readonly (readonly [string, StoreErrorKind])[] = [
  ['Neo.ClientError.Transaction.TransactionTimedOut', 'timeout'],
  ['Neo.ClientError.Statement', 'constraint'],
  ['Neo.ClientError.Schema', 'constraint'],
  ['Neo.DatabaseError', 'corrupt'],
  ['ProtocolError', 'corrupt'],
];

/** Clients may read these; the driver's own words name hosts and ports. */
const messageOfKind: Readonly<Record<StoreErrorKind, string>> = {
  unavailable: 'The graph does not answer.',
  timeout: 'The graph did not answer in time.',
  conflict: 'The graph is being changed.',
  constraint: 'The graph refused a statement.',
  corrupt: 'The graph failed inside.',
};

/** Turns an error of the driver into a StoreError; what is none of the driver's passes unchanged. */
export function toNeo4jStoreError(error: unknown): unknown {
  if (error instanceof LoomError || !(error instanceof Neo4jError)) return error;
  const kind = kindOfCode.find(([beginning]) => error.code.startsWith(beginning))?.[1] ?? 'unavailable';
  return new StoreError(kind, 'neo4j', messageOfKind[kind], { cause: error, details: { neo4jCode: error.code } });
}
