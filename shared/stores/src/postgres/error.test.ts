import { LoomError, StoreError } from '@loomgraph/core';
import { toSqlStoreError } from './error.js';

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

  it('keeps the cause, and passes on what is not of the store', () => {
    const cause = vendor('deadlock detected', '40P01');
    expect(toSqlStoreError('pglite', cause)).toMatchObject({ store: 'pglite', cause, retryable: true });
    const mistake = new TypeError('x is not a function');
    expect(toSqlStoreError('pglite', mistake)).toBe(mistake);
    const input = new LoomError('BAD_USER_INPUT', 'no');
    expect(toSqlStoreError('pglite', input)).toBe(input);
  });
});
