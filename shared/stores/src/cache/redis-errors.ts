import { LoomError, StoreError, type StoreErrorKind } from '@loomgraph/core';

/** The first word of an error reply, https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors; those of our scripts too. */
const kindOfReply: Readonly<Record<string, StoreErrorKind>> = {
  LOADING: 'unavailable',
  MASTERDOWN: 'unavailable',
  CLUSTERDOWN: 'unavailable',
  READONLY: 'unavailable',
  NOREPLICAS: 'unavailable',
  TRYAGAIN: 'unavailable',
  BUSY: 'unavailable',
  MISCONF: 'unavailable',
  OOM: 'unavailable',
  NOAUTH: 'unavailable',
  WRONGPASS: 'unavailable',
  WRONGTYPE: 'corrupt',
  EXECABORT: 'conflict',
  NOTCOUNTER: 'constraint',
};

/** The deadline of a call passed. */
export class RedisDeadlineError extends Error {
  override readonly name = 'RedisDeadlineError';
}

/** Classifies an error of ioredis; errors that are classified already pass through. */
export function toRedisStoreError(store: string, error: unknown): LoomError {
  if (error instanceof LoomError) return error;
  const vendor = error instanceof Error ? error : new Error(String(error));
  return new StoreError(kindOf(vendor), store, `Redis: ${vendor.message}`, { cause: error });
}

function kindOf({ name, message }: Error): StoreErrorKind {
  // What is left without being a reply of the server is a connection that failed in one of many ways.
  if (name !== 'ReplyError')
    return name === 'RedisDeadlineError' || /timed out|timeout|ETIMEDOUT/i.test(message) ? 'timeout' : 'unavailable';
  return kindOfReply[message.split(' ', 1)[0] ?? ''] ?? 'constraint';
}
