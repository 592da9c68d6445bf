import { LoomError, StoreError } from '@loomgraph/core';
import { endsConnection, toSqlStoreError } from './error.js';

const vendor = (message: string, code?: string): Error => Object.assign(new Error(message), code === undefined ? {} : { code });
const kindOf = (error: Error): string | undefined => {
  const converted = toSqlStoreError('postgres', error);
  return converted instanceof StoreError ? converted.kind : undefined;
};

describe('toSqlStoreError', () => {
  it.each([
    ['57P01', 'unavailable'],
    ['57P03', 'unavailable'],
    ['08006', 'unavailable'],
    ['53300', 'unavailable'],
    ['25006', 'unavailable'],
    ['28P01', 'unavailable'],
    ['3D000', 'unavailable'],
    ['57014', 'timeout'],
    ['55P03', 'timeout'],
    ['40001', 'conflict'],
    ['40P01', 'conflict'],
    ['23505', 'constraint'],
    ['22P02', 'constraint'],
    ['42P01', 'constraint'],
    ['54000', 'constraint'],
    ['0A000', 'constraint'],
    ['XX001', 'corrupt'],
    ['ECONNREFUSED', 'unavailable'],
    ['EPIPE', 'unavailable'],
  ])('turns %s into %s', (code, kind) => {
    expect(kindOf(vendor('vendor', code))).toBe(kind);
  });

  it.each([
    ['Connection terminated unexpectedly', 'unavailable'],
    ['timeout exceeded when trying to connect', 'unavailable'],
    ['Client has encountered a connection error and is not queryable', 'unavailable'],
    ['PGlite is closed', 'unavailable'],
    ['Query read timeout', 'timeout'],
  ])('knows the driver by its words: %s', (message, kind) => {
    expect(kindOf(vendor(message))).toBe(kind);
  });

  it('gives a full disk a code of its own and a long wait', () => {
    const error = toSqlStoreError('postgres', vendor('could not extend file: No space left on device', '53100'));
    expect(error).toMatchObject({ kind: 'unavailable', code: 'STORE_FULL', retryable: true, details: { retryAfterMs: 30_000 } });
    expect(endsConnection(error)).toBe(false);
  });

  it('gives up a connection to a server that became read-only: another address may be the primary now', () => {
    expect(endsConnection(toSqlStoreError('postgres', vendor('cannot execute INSERT in a read-only transaction', '25006')))).toBe(true);
    expect(endsConnection(toSqlStoreError('postgres', vendor('duplicate key', '23505')))).toBe(false);
  });

  it('keeps the cause, and passes on what is not of the store', () => {
    const cause = vendor('deadlock detected', '40P01');
    expect(toSqlStoreError('pglite', cause)).toMatchObject({ store: 'pglite', cause, retryable: true });
    const mistake = new TypeError('x is not a function');
    expect(toSqlStoreError('pglite', mistake)).toBe(mistake);
    const input = new LoomError('BAD_USER_INPUT', 'no');
    expect(toSqlStoreError('pglite', input)).toBe(input);
  });
});
