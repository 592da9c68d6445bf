import { LoomError } from '../errors/loom-error.js';
import { decodeSyncToken } from './codec.js';

/** How a caller wants to read its own writes. */
export interface SyncRequest {
  /** What must be seen; without it nothing is waited for. */
  readonly token?: string | undefined;
  /** How long a read waits at most; 0 looks once. */
  readonly waitMs: number;
  /** What happens then: an answer that says it is stale, or an error instead of it. */
  readonly onTimeout: OnSyncTimeout;
}

export type OnSyncTimeout = (typeof outcomes)[number];

const outcomes = ['STALE', 'FAIL'] as const;
export const DEFAULT_SYNC_WAIT_MS = 2_000;
export const MAX_SYNC_WAIT_MS = 30_000;

export const syncHeaders = { token: 'sync-token', waitMs: 'sync-wait-ms', onTimeout: 'sync-on-timeout' } as const;

/**
 * `extensions.sync` of a request, as it came: `{ token, waitMs?, onTimeout? }`.
 * @returns undefined where there is none, or none with a token
 * @throws LoomError INVALID_SYNC_TOKEN, BAD_USER_INPUT
 */
export function readSyncExtension(sync: unknown): SyncRequest | undefined {
  if (sync === undefined || sync === null) return undefined;
  if (typeof sync !== 'object') throw new LoomError('BAD_USER_INPUT', '`extensions.sync` is an object: { token, waitMs, onTimeout }.');
  const { token, waitMs, onTimeout } = sync as Readonly<Record<string, unknown>>;
  return check({ token: token ?? undefined, waitMs: waitMs ?? undefined, onTimeout: onTimeout ?? undefined });
}

/**
 * The same from the headers `sync-token`, `sync-wait-ms` and `sync-on-timeout`.
 * @throws LoomError INVALID_SYNC_TOKEN, BAD_USER_INPUT
 */
export function readSyncHeaders(header: (name: string) => string | undefined): SyncRequest | undefined {
  const token = header(syncHeaders.token);
  if (token === undefined || token === '') return undefined;
  const waitMs = header(syncHeaders.waitMs);
  return check({ token, waitMs: waitMs === undefined ? undefined : toNumber(waitMs), onTimeout: header(syncHeaders.onTimeout) });
}

/** The headers that carry a request on. */
export function toSyncHeaders(request: Partial<SyncRequest> | undefined): readonly (readonly [name: string, value: string])[] {
  if (request?.token === undefined) return [];
  const { token, waitMs = DEFAULT_SYNC_WAIT_MS, onTimeout = 'STALE' } = request;
  return [
    [syncHeaders.token, token],
    [syncHeaders.waitMs, String(Math.max(0, Math.floor(waitMs)))],
    [syncHeaders.onTimeout, onTimeout],
  ];
}

interface Unchecked {
  readonly token: unknown;
  readonly waitMs: unknown;
  readonly onTimeout: unknown;
}

function check({ token, waitMs = DEFAULT_SYNC_WAIT_MS, onTimeout = 'STALE' }: Unchecked): SyncRequest | undefined {
  if (typeof waitMs !== 'number' || !Number.isSafeInteger(waitMs) || waitMs < 0 || waitMs > MAX_SYNC_WAIT_MS)
    throw new LoomError('BAD_USER_INPUT', `A wait for a sync token takes whole milliseconds, 0 to ${MAX_SYNC_WAIT_MS}.`);
  const outcome = outcomes.find((one) => one === onTimeout);
  if (outcome === undefined)
    throw new LoomError('BAD_USER_INPUT', 'What happens when a sync token is not reached in time is STALE or FAIL.');
  if (token === undefined) return undefined;
  if (typeof token !== 'string') throw new LoomError('INVALID_SYNC_TOKEN', 'The sync token is a text.');
  decodeSyncToken(token);
  return { token, waitMs, onTimeout: outcome };
}

function toNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}
