import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import { RedisConnection, type RedisConnectionOptions } from '../cache/redis-client.js';
import { toRedisStoreError } from '../cache/redis-errors.js';
import type { RetryDelays } from './keyed-lanes.js';
import { checkName } from './names.js';
import type { Bus, BusMessage, SubscribeOptions, Subscription } from './port.js';
import { toFields } from './redis-streams-entry.js';
import { partitionOf, TopicKeys } from './redis-streams-layout.js';
import { lagScript, partitionsScript } from './redis-streams-scripts.js';
import { RedisSubscription } from './redis-streams-subscription.js';

export interface RedisStreamsBusOptions extends Pick<RedisConnectionOptions, 'connectTimeoutMs' | 'commandTimeoutMs'> {
  /** As `createRedisCache`. */
  readonly url: string;
  /** Put before every key; no braces. */
  readonly prefix: string;
  /** Streams a new topic is spread over: so many members of a group can share it. Existing topics keep theirs. Default 8. */
  readonly partitions?: number;
  /**
   * Messages a topic holds, roughly; beyond it the oldest go, also those a group has not seen: watch `lag`. `null` never trims.
   * Default 1,000,000.
   */
  readonly maxLength?: number | null;
  /** After so long without news a member counts as dead and its partitions go to others. Default 10,000. */
  readonly leaseMs?: number;
  readonly retry?: RetryDelays;
}

/**
 * A bus on Redis 6.2 or later (lag is exact from 7.0 on). How durable `publish` is, is the server's setting: `appendfsync always` for no loss, the
 * usual `everysec` for at most a second. A subscription has a connection of its own.
 */
export function createRedisStreamsBus(options: RedisStreamsBusOptions): RedisStreamsBus {
  return new RedisStreamsBus(options);
}

interface Topic {
  readonly keys: TopicKeys;
  readonly partitions: number;
}

export class RedisStreamsBus implements Bus {
  readonly #options: RedisStreamsBusOptions;
  readonly #connection: RedisConnection;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Set<RedisSubscription>();
  #closed = false;

  constructor(options: RedisStreamsBusOptions) {
    this.#options = options;
    this.#connection = new RedisConnection({ ...options, store: 'bus' });
  }

  /** One transaction: all messages appear, or none. */
  async publish(topic: string, messages: readonly BusMessage[]): Promise<void> {
    const { keys, partitions } = await this.#topic(topic);
    if (messages.length === 0) return;
    const { maxLength = 1_000_000 } = this.#options;
    const trim = maxLength === null ? [] : ['MAXLEN', '~', String(Math.ceil(maxLength / partitions))];
    const answers = await this.#connection.run((client) => {
      const transaction = client.multi();
      for (const message of messages) {
        transaction.xadd(keys.stream(partitionOf(message.key, partitions)), ...trim, '*', ...toFields(message));
      }
      return transaction.exec();
    });
    const failure = answers ? answers.find(([error]) => error)?.[0] : new Error('EXECABORT the transaction was not executed');
    if (failure) throw toRedisStoreError('bus', failure);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    checkName('group', options.group);
    const topic = await this.#topic(options.topic);
    const { url, connectTimeoutMs, commandTimeoutMs, leaseMs = 10_000, retry = {} } = this.#options;
    const reader = { url, ...(connectTimeoutMs && { connectTimeoutMs }), ...(commandTimeoutMs && { commandTimeoutMs }) };
    const subscription = await RedisSubscription.start({ ...options, ...topic, leaseMs, retry, reader, connection: this.#connection });
    if (this.#closed) {
      await subscription.close();
      this.#assertOpen();
    }
    this.#subscriptions.add(subscription);
    const close = async (): Promise<void> => {
      await subscription.close();
      this.#subscriptions.delete(subscription);
    };
    return { close, [Symbol.asyncDispose]: close };
  }

  async lag(topic: string, group: string): Promise<number> {
    checkName('group', group);
    const { keys, partitions } = await this.#topic(topic);
    return Number(await this.#connection.run((client) => lagScript.run(client, keys.streams(partitions), [group])));
  }

  health(): Promise<Health> {
    const backend = this.#connection.kind === 'single' ? 'redis-streams' : `redis-streams-${this.#connection.kind}`;
    return probeHealth({ name: 'bus', backend }, async () => {
      this.#assertOpen();
      await this.#connection.ping();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    await this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #topic(name: string): Promise<Topic> {
    checkName('topic', name);
    this.#assertOpen();
    const known = this.#topics.get(name);
    if (known) return known;
    const keys = new TopicKeys(this.#options.prefix, name);
    const partitions = Number(
      await this.#connection.run((client) => partitionsScript.run(client, [keys.meta], [this.#options.partitions ?? 8])),
    );
    const topic = { keys, partitions };
    this.#topics.set(name, topic);
    return topic;
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('unavailable', 'bus', 'The bus is closed.');
  }
}
