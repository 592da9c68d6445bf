import { StoreError } from '@loomgraph/core';
import { toNeo4jStoreError } from './neo4j-errors.js';

describe('toNeo4jStoreError', () => {
  it.each([
    ['Neo.TransientError.Transaction.DeadlockDetected', 'conflict'],
    ['Neo.TransientError.General.DatabaseUnavailable', 'unavailable'],
    ['Neo.TransientError.General.MemoryPoolOutOfMemoryError', 'unavailable'],
    ['Neo.ClientError.Transaction.TransactionTimedOut', 'timeout'],
    ['Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration', 'timeout'],
    ['Neo.ClientError.Transaction.TransactionMarkedAsTerminated', 'unavailable'],
    ['Neo.ClientError.Security.Unauthorized', 'unavailable'],
    ['Neo.ClientError.Schema.ConstraintValidationFailed', 'constraint'],
    ['Neo.ClientError.Statement.TypeError', 'constraint'],
    ['Neo.DatabaseError.General.UnknownError', 'corrupt'],
    ['ServiceUnavailable', 'unavailable'],
    ['SessionExpired', 'unavailable'],
  ])('turns %s into %s', (code, kind) => {
    const cause = Object.assign(new Error('vendor'), { code });
    expect(toNeo4jStoreError(cause)).toMatchObject({ kind, cause, store: 'neo4j' });
  });

  it('knows a full pool by its words, and passes on mistakes of our own', () => {
    const full = Object.assign(new Error('Connection acquisition timed out in 500 ms.'), { code: 'N/A' });
    expect(toNeo4jStoreError(full)).toBeInstanceOf(StoreError);
    const mistake = new TypeError('x is not a function');
    expect(toNeo4jStoreError(mistake)).toBe(mistake);
  });
});
