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
    ['Neo.ClientError.General.ForbiddenOnReadOnlyDatabase', 'unavailable'],
    ['Neo.DatabaseError.Transaction.TransactionCommitFailed', 'unavailable'],
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

  it('gives a full disk a code of its own, whatever the code of the server, and not what a document says', () => {
    const full = (code: string) =>
      Object.assign(new Error('Could not append', { cause: new Error('java.io.IOException: No space left on device') }), { code });
    expect(toNeo4jStoreError(full('Neo.DatabaseError.Transaction.TransactionCommitFailed'))).toMatchObject({
      kind: 'unavailable',
      code: 'STORE_FULL',
      details: { retryAfterMs: 30_000, neo4jCode: 'Neo.DatabaseError.Transaction.TransactionCommitFailed' },
    });
    expect(toNeo4jStoreError(full('Neo.ClientError.Schema.ConstraintValidationFailed'))).toMatchObject({ kind: 'constraint' });
  });

  it('takes a transaction that the server ended for a timeout when its time was up', () => {
    const ended = Object.assign(new Error('The transaction has been terminated.'), {
      code: 'Neo.ClientError.Transaction.LockClientStopped',
    });
    expect(toNeo4jStoreError(ended)).toMatchObject({ kind: 'unavailable' });
    expect(toNeo4jStoreError(ended, { isOverdue: true })).toMatchObject({ kind: 'timeout', cause: ended });
    const taken = Object.assign(new Error('Already exists'), { code: 'Neo.ClientError.Schema.ConstraintValidationFailed' });
    expect(toNeo4jStoreError(taken, { isOverdue: true })).toMatchObject({ kind: 'constraint' });
  });

  // https://github.com/neo4j/neo4j/issues/11955: every call is answered so, until somebody restarts the database.
  it('takes a database that panicked for one that is away', () => {
    const message = 'The database has encountered a critical error, and needs to be restarted. Please see database logs for more details.';
    const panic = Object.assign(new Error(message), { code: 'Neo.DatabaseError.General.UnknownError' });
    expect(toNeo4jStoreError(panic)).toMatchObject({ kind: 'unavailable', code: 'STORE_UNAVAILABLE' });
  });
});
