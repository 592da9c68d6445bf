import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import { RedisConnection, type RedisConnectionOptions } from '../cache/redis-client.js';
import { toRedisStoreError } from '../cache/redis-errors.js';
import type { RetryDelays } from './keyed-lanes.js';
import { checkName } from './names.js';
import type { Bus, BusMessage, SubscribeOptions, Subscription } from './port.js';
import { toFields } from './redis-streams-entry.js';
import { partitionOf, TopicKeys } from './redis-streams-layout.js';
import {
  dropGroupScript,
  hasPassedScript,
  heldSinceScript,
  lagScript,
  partitionsScript,
  takeLostScript,
  trimScript,
} from './redis-streams-scripts.js';
import { RedisSubscription } from './redis-streams-subscription.js';

export interface RedisStreamsBusOptions extends Pick<RedisConnectionOptions, 'connectTimeoutMs' | 'commandTimeoutMs'> {
  /** As `createRedisCache`. */
  readonly url: string;
  /** Put before every key; no braces. */
  readonly prefix: string;
  /** Streams a new topic is spread over: so many members of a group can share it. Existing topics keep theirs. Default 8. */
  readonly partitions?: number;
  /**
   * Messages a topic keeps, roughly, after every group has handled them: so far back a replay can go. Default 1,000,000; `null` keeps all.
   */
  readonly retainMessages?: number | null;
  /**
   * Messages a topic holds at most, roughly: where the slowest group is further behind, the oldest go unseen, and `takeLost` counts them.
   * Default: four times `retainMessages`; `null` never takes anything from a group.
   */
  readonly maxMessages?: number | null;
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

/** A topic is looked through for what it need not hold after so many messages, and at most so many entries of a partition go at once. */
const TRIM_EVERY = 500;
const TRIM_SLICE = 2_000;

interface Topic {
  readonly keys: TopicKeys;
  readonly partitions: number;
  sinceTrim: number;
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
    const known = await this.#topic(topic);
    const { keys, partitions } = known;
    if (messages.length === 0) return;
    const answers = await this.#connection.run((client) => {
      const transaction = client.multi();
      for (const message of messages) {
        transaction.xadd(keys.stream(partitionOf(message.key, partitions)), '*', ...toFields(message));
      }
      return transaction.exec();
    });
    const failure = answers ? answers.find(([error]) => error)?.[0] : new Error('EXECABORT the transaction was not executed');
    if (failure) throw toRedisStoreError('bus', failure);
    known.sinceTrim += messages.length;
    // What fails is left to the next publication: the messages are there.
    if (known.sinceTrim >= TRIM_EVERY) await this.#trim(known).catch(() => undefined);
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

  async hasPassed(topic: string, group: string, atMs: number): Promise<boolean> {
    checkName('group', group);
    const { keys, partitions } = await this.#topic(topic);
    const answer = await this.#connection.run((client) => hasPassedScript.run(client, keys.streams(partitions), [group, Math.floor(atMs)]));
    return answer === 1;
  }

  async heldSince(topic: string): Promise<number> {
    const { keys, partitions } = await this.#topic(topic);
    return Number(await this.#connection.run((client) => heldSinceScript.run(client, keys.streams(partitions), [])));
  }

  async takeLost(topic: string, group: string): Promise<number> {
    checkName('group', group);
    const { keys } = await this.#topic(topic);
    return Number(await this.#connection.run((client) => takeLostScript.run(client, [keys.lost], [group])));
  }

  async dropGroup(topic: string, group: string): Promise<boolean> {
    checkName('group', group);
    const { keys, partitions } = await this.#topic(topic);
    const touched = [...keys.leases(group, partitions), ...keys.streams(partitions)];
    return (await this.#connection.run((client) => dropGroupScript.run(client, touched, [group, partitions]))) === 1;
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

  async #trim(topic: Topic): Promise<void> {
    const { retainMessages = 1_000_000 } = this.#options;
    if (retainMessages === null) return;
    topic.sinceTrim = 0;
    const { keys, partitions } = topic;
    const { maxMessages = retainMessages * 4 } = this.#options;
    const share = (messages: number): number => Math.ceil(messages / partitions);
    const args = [share(retainMessages), maxMessages === null ? 0 : Math.max(1, share(maxMessages)), TRIM_SLICE];
    await this.#connection.run((client) => trimScript.run(client, [...keys.streams(partitions), keys.lost], args));
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
    const topic = { keys, partitions, sinceTrim: 0 };
    this.#topics.set(name, topic);
    return topic;
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('unavailable', 'bus', 'The bus is closed.');
  }
}
