import { StoreError } from '@loomgraph/core';
import { RedisDeadlineError, toRedisStoreError } from './redis-errors.js';

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

describe('toRedisStoreError', () => {
  it.each([
    ["READONLY You can't write against a read only replica.", 'unavailable', 'STORE_UNAVAILABLE'],
    ['LOADING Redis is loading the dataset in memory', 'unavailable', 'STORE_UNAVAILABLE'],
    ["OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:1.", 'unavailable', 'STORE_FULL'],
    [
      "ERR Error running script (call to f_1f): @user_script:7: -OOM command not allowed when used memory > 'maxmemory'.",
      'unavailable',
      'STORE_FULL',
    ],
    ['MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.', 'unavailable', 'STORE_FULL'],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'corrupt', 'STORE_CORRUPT'],
    ['ERR unknown command', 'constraint', 'STORE_CONSTRAINT'],
  ])('turns %s into %s', (message, kind, code) => {
    const cause = reply(message);
    expect(toRedisStoreError('cache', cause)).toMatchObject({ kind, code, cause });
  });

  it('tells a full server to be asked again much later', () => {
    expect(toRedisStoreError('cache', reply('OOM full'))).toMatchObject({
      retryable: true,
      details: { retryAfterMs: 30_000, store: 'cache' },
    });
  });

  it('takes what is no reply for a connection that failed, or was too slow', () => {
    expect(toRedisStoreError('cache', new Error('Connection is closed.'))).toMatchObject({ kind: 'unavailable' });
    expect(toRedisStoreError('cache', new RedisDeadlineError('no answer within 5 ms'))).toMatchObject({ kind: 'timeout' });
    const known = new StoreError('conflict', 'cache', 'known');
    expect(toRedisStoreError('cache', known)).toBe(known);
  });
});
