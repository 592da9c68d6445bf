import { LoomError, StoreError } from '@loomgraph/core';
import { Neo4jError } from 'neo4j-driver';
import { toNeo4jStoreError } from './neo4j-errors.js';

const neo4jError = (code: string): Error => new Neo4jError('at 10.0.0.1:7687', code, '50N42', 'general processing exception');

describe('toNeo4jStoreError', () => {
  it.each([
    ['ServiceUnavailable', 'unavailable'],
    ['SessionExpired', 'unavailable'],
    ['N/A', 'unavailable'],
    ['Neo.TransientError.General.DatabaseUnavailable', 'unavailable'],
    ['Neo.ClientError.Security.Unauthorized', 'unavailable'],
    ['Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration', 'timeout'],
    ['Neo.ClientError.Statement.ArgumentError', 'constraint'],
    ['Neo.DatabaseError.General.UnknownError', 'corrupt'],
  ])('turns %s into %s, without the address in the message', (code, kind) => {
    const cause = neo4jError(code);
    const error = toNeo4jStoreError(cause);
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ kind, cause, store: 'neo4j' });
    expect((error as StoreError).message).not.toContain('10.0.0.1');
  });

  it('passes on mistakes of our own and what is classified already', () => {
    const mistake = new TypeError('x is not a function');
    const classified = new LoomError('PAGE_LIMIT_EXCEEDED', 'too many');
    expect(toNeo4jStoreError(mistake)).toBe(mistake);
    expect(toNeo4jStoreError(classified)).toBe(classified);
  });
});
