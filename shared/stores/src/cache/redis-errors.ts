import { LoomError, StoreError, type StoreErrorKind } from '@loomgraph/core';
import { storeFull } from '../store-full.js';

/** The first word of an error reply, https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors; those of our scripts too. */
const kindOfReply: Readonly<Record<string, StoreErrorKind>> = {
  LOADING: 'unavailable',
  MASTERDOWN: 'unavailable',
  CLUSTERDOWN: 'unavailable',
  READONLY: 'unavailable',
  NOREPLICAS: 'unavailable',
  TRYAGAIN: 'unavailable',
  BUSY: 'unavailable',
  NOAUTH: 'unavailable',
  WRONGPASS: 'unavailable',
  WRONGTYPE: 'corrupt',
  EXECABORT: 'conflict',
  NOTCOUNTER: 'constraint',
};

/** Replies of a server that has no room: its memory, or (MISCONF) the disk it saves to. */
const fullReplies = new Set(['OOM', 'MISCONF']);

/** The deadline of a call passed. */
export class RedisDeadlineError extends Error {
  override readonly name = 'RedisDeadlineError';
}

/** Classifies an error of ioredis; errors that are classified already pass through. */
export function toRedisStoreError(store: string, error: unknown): LoomError {
  if (error instanceof LoomError) return error;
  const vendor = error instanceof Error ? error : new Error(String(error));
  if (vendor.name === 'ReplyError' && fullReplies.has(firstWord(vendor)))
    return storeFull(store, `Redis: ${vendor.message}`, { cause: error });
  return new StoreError(kindOf(vendor), store, `Redis: ${vendor.message}`, { cause: error });
}

function kindOf(error: Error): StoreErrorKind {
  const { name, message } = error;
  // What is left without being a reply of the server is a connection that failed in one of many ways.
  if (name !== 'ReplyError')
    return name === 'RedisDeadlineError' || /timed out|timeout|ETIMEDOUT/i.test(message) ? 'timeout' : 'unavailable';
  return kindOfReply[firstWord(error)] ?? 'constraint';
}

/** The first word of a reply; Redis 6 puts what a command in a script was answered behind words of its own. */
const firstWord = ({ message }: Error): string => /^(?:ERR Error running script .*?: -)?(\S*)/.exec(message)?.[1] ?? '';
