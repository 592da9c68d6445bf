import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { StoreError } from '@loomgraph/core';
import { RedisDeadlineError, toRedisStoreError } from './redis-errors.js';
import { parseRedisUrl, type RedisTarget } from './redis-url.js';

export type RedisClient = Redis | Cluster;

export interface RedisConnectionOptions {
  /** `redis://`, `redis+sentinel://` or `redis+cluster://`, see `parseRedisUrl`. */
  readonly url: string;
  /** How long a connection may take to open. Default 2,000. */
  readonly connectTimeoutMs?: number;
  /** How long a command may take, waiting for the connection included. Default 2,000. */
  readonly commandTimeoutMs?: number;
  /** How long a command of this connection may block on purpose. Default 0. */
  readonly blockMs?: number;
  /** The store that errors name: `cache` or `bus`. */
  readonly store: string;
}

const RECONNECT_MIN_MS = 50;
const RECONNECT_MAX_MS = 1_000;
/** How long `close` waits for replies that are under way. */
const QUIT_TIMEOUT_MS = 500;

/**
 * One connection to Redis (in a cluster: one per node) with bounded calls.
 *
 * ioredis would keep commands in a queue while the server is away and send them whenever it returns, long after their callers gave up.
 * So its queue is off, and nothing is sent twice: a call waits for the connection itself, until its own deadline; while attempts to
 * reconnect fail it rejects at once.
 */
export class RedisConnection {
  readonly client: RedisClient;
  readonly kind: RedisTarget['kind'];
  readonly #store: string;
  readonly #deadlineMs: number;
  readonly #waiting = new Set<{ resolve: () => void; reject: (error: Error) => void }>();
  #isReady = false;
  #lastFailure: Error | undefined;
  #closed = false;

  constructor({ url, connectTimeoutMs = 2_000, commandTimeoutMs = 2_000, blockMs = 0, store }: RedisConnectionOptions) {
    const target = parseRedisUrl(url);
    this.kind = target.kind;
    this.#store = store;
    this.#deadlineMs = commandTimeoutMs + blockMs;
    this.client = createClient(target, { connectTimeoutMs, socketTimeoutMs: 2 * commandTimeoutMs + blockMs });
    this.client.on('ready', () => this.#onReady());
    this.client.on('error', (error: Error) => this.#onFailure(error));
    this.client.on('close', () => {
      if (this.#isReady) this.#isReady = false;
      else this.#onFailure(new Error('The connection could not be opened.'));
    });
  }

  /** Runs a command. @throws StoreError as `toRedisStoreError` classifies, and `unavailable` after `close` */
  async run<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    this.#assertOpen();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new RedisDeadlineError(`no answer within ${this.#deadlineMs} ms`)), this.#deadlineMs);
    });
    try {
      if (this.#isReady) return await Promise.race([command(this.client), deadline]);
      await Promise.race([this.#untilReady(), deadline]);
      return await Promise.race([command(this.client), deadline]);
    } catch (error) {
      this.#assertOpen();
      throw toRedisStoreError(this.#store, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks for an answer; in a cluster, whether all slots are served. */
  async ping(): Promise<void> {
    await this.run(async (client) => {
      if (!(client instanceof Cluster)) return client.ping();
      const info = await client.cluster('INFO');
      if (!info.includes('cluster_state:ok'))
        throw new StoreError('unavailable', this.#store, 'Redis: the cluster does not serve all slots.');
      return info;
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#isReady) {
      const limit = AbortSignal.timeout(QUIT_TIMEOUT_MS);
      const late = new Promise((resolve) => limit.addEventListener('abort', resolve, { once: true }));
      await Promise.race([this.client.quit().catch(() => undefined), late]);
    }
    this.disconnect();
  }

  /** Drops the connection at once; calls under way reject. */
  disconnect(): void {
    this.#closed = true;
    this.client.disconnect();
    this.#onFailure(new Error('closed'));
  }

  #untilReady(): Promise<void> {
    if (this.#lastFailure) return Promise.reject(this.#lastFailure);
    return new Promise((resolve, reject) => {
      this.#waiting.add({ resolve, reject });
    });
  }

  #onReady(): void {
    this.#isReady = true;
    this.#lastFailure = undefined;
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #onFailure(error: Error): void {
    // A connection that breaks while ready is reopened first; only a failed attempt makes calls reject at once.
    if (this.#isReady && !this.#closed) return;
    this.#lastFailure = error;
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('unavailable', this.#store, `The ${this.#store} is closed.`);
  }
}

function createClient(
  target: RedisTarget,
  { connectTimeoutMs, socketTimeoutMs }: { connectTimeoutMs: number; socketTimeoutMs: number },
): RedisClient {
  const reconnect = (attempt: number): number => Math.min(RECONNECT_MIN_MS * 2 ** (attempt - 1), RECONNECT_MAX_MS);
  const node: RedisOptions = {
    ...(target.username && { username: target.username }),
    ...(target.password && { password: target.password }),
    ...(target.tls && { tls: {} }),
    connectTimeout: connectTimeoutMs,
    // A server that holds the connection and answers nothing would otherwise never be noticed.
    socketTimeout: socketTimeoutMs,
    // 0: what is in flight when the connection breaks is rejected, not sent again: an increment must not count twice.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // After a failover the former master may answer as a replica: find the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  if (target.kind === 'cluster') {
    return new Cluster([...target.addresses], {
      redisOptions: node,
      enableOfflineQueue: false,
      clusterRetryStrategy: reconnect,
      // 0: no second sending, as above. A command for a slot that moved is still redirected, since it was not executed.
      retryDelayOnFailover: 0,
      slotsRefreshTimeout: connectTimeoutMs,
    });
  }
  const shared: RedisOptions = { ...node, db: target.database, enableOfflineQueue: false, retryStrategy: reconnect };
  if (target.kind === 'single') return new Redis({ ...shared, ...target.addresses[0] });
  return new Redis({
    ...shared,
    sentinels: [...target.addresses],
    name: target.masterName ?? '',
    ...(target.sentinelPassword && { sentinelPassword: target.sentinelPassword }),
    ...(target.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
    sentinelRetryStrategy: reconnect,
    sentinelCommandTimeout: connectTimeoutMs,
  });
}
