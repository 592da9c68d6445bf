import { compatibilityPartitioner, ProduceAcks, Producer, stringSerializers, type BaseOptions } from '@platformatic/kafka';
import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import { KafkaTopics, runKafka } from './kafka-client.js';
import { toKafka } from './kafka-message.js';
import { KafkaSubscription } from './kafka-subscription.js';
import { parseKafkaUrl } from './kafka-url.js';
import type { RetryDelays } from './keyed-lanes.js';
import { checkName } from './names.js';
import type { Bus, BusMessage, SubscribeOptions, Subscription } from './port.js';

export interface KafkaBusOptions {
  /** `kafka://h:p,h:p`, `kafka+tls://user:password@h:p?mechanism=SCRAM-SHA-512` */
  readonly url: string;
  /** Default `loomgraph`. */
  readonly clientId?: string;
  /** Put before the names of topics and groups; a group is named `<prefix><group>:<topic>` at the broker. Default none. */
  readonly prefix?: string;
  /** Partitions of a topic that this creates: so many members of a group can share it. Default 6. */
  readonly partitions?: number;
  /** Copies of a topic that this creates. Default -1: what the brokers are set to. */
  readonly replicas?: number;
  /** Default 2,000. */
  readonly connectTimeoutMs?: number;
  /** Limit of a call with all its repetitions. Default 10,000. */
  readonly callTimeoutMs?: number;
  /** After so long without a heartbeat a member counts as dead; brokers accept 6,000 and more. Default 10,000. */
  readonly sessionTimeoutMs?: number;
  readonly retry?: RetryDelays;
}

/**
 * A bus on Kafka 3.5 or later. A message is on all in-sync replicas when `publish` resolves. `attempt` counts inside one member: another
 * one begins at 1. Brokers forget a group without members after `offsets.retention.minutes` (a week); it is new then.
 */
export function createKafkaBus(options: KafkaBusOptions): KafkaBus {
  return new KafkaBus(options);
}

export class KafkaBus implements Bus {
  readonly #client: BaseOptions;
  readonly #topics: KafkaTopics;
  readonly #producer: Producer<string, string, string, string>;
  readonly #prefix: string;
  readonly #callTimeoutMs: number;
  readonly #sessionTimeoutMs: number;
  readonly #retry: RetryDelays;
  readonly #subscriptions = new Set<KafkaSubscription>();
  #closed = false;

  constructor(options: KafkaBusOptions) {
    const {
      url,
      clientId = 'loomgraph',
      prefix = '',
      partitions = 6,
      replicas = -1,
      connectTimeoutMs = 2_000,
      callTimeoutMs = 10_000,
    } = options;
    this.#prefix = prefix;
    this.#callTimeoutMs = callTimeoutMs;
    this.#sessionTimeoutMs = options.sessionTimeoutMs ?? 10_000;
    this.#retry = options.retry ?? {};
    this.#client = {
      ...parseKafkaUrl(url),
      clientId,
      connectTimeout: connectTimeoutMs,
      requestTimeout: callTimeoutMs,
      timeout: Math.ceil(callTimeoutMs / 2),
      retries: 3,
      retryDelay: 200,
    };
    this.#topics = new KafkaTopics(this.#client, { partitions, replicas });
    this.#producer = new Producer({
      ...this.#client,
      serializers: stringSerializers,
      idempotent: true,
      acks: ProduceAcks.ALL,
      // Places keys as the Java client does, so other programs may publish to the same topic.
      partitioner: compatibilityPartitioner,
    });
  }

  async publish(topic: string, messages: readonly BusMessage[]): Promise<void> {
    checkName('topic', topic);
    this.#assertOpen();
    const name = this.#prefix + topic;
    await this.#run(async () => {
      await this.#topics.ensure(name);
      if (messages.length > 0) await this.#producer.send({ messages: messages.map((message) => toKafka(name, message)) });
    });
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    const { topic, group, from = 'latest' } = options;
    checkName('topic', topic);
    checkName('group', group);
    this.#assertOpen();
    const { brokerTopic, brokerGroup } = this.#names(topic, group);
    await this.#run(() => this.#topics.start(brokerTopic, brokerGroup, from));
    const subscription = await KafkaSubscription.start({
      ...options,
      client: this.#client,
      brokerTopic,
      brokerGroup,
      sessionTimeoutMs: this.#sessionTimeoutMs,
      // A join waits for the other members to answer, up to their session.
      joinTimeoutMs: this.#callTimeoutMs + this.#sessionTimeoutMs,
      retry: this.#retry,
    });
    this.#subscriptions.add(subscription);
    const close = async (): Promise<void> => {
      await subscription.close();
      this.#subscriptions.delete(subscription);
    };
    if (this.#closed) {
      await close();
      this.#assertOpen();
    }
    return { close, [Symbol.asyncDispose]: close };
  }

  async lag(topic: string, group: string): Promise<number> {
    checkName('topic', topic);
    checkName('group', group);
    this.#assertOpen();
    const { brokerTopic, brokerGroup } = this.#names(topic, group);
    return this.#run(async () => {
      const partitions = await this.#topics.partitionsOf(brokerTopic);
      const committed = partitions ? await this.#topics.committed(brokerTopic, brokerGroup) : undefined;
      if (!partitions || !committed || committed.size === 0) return 0;
      const [starts, ends] = await Promise.all(
        (['earliest', 'latest'] as const).map((side) => this.#topics.ends(brokerTopic, partitions, side)),
      );
      let total = 0n;
      for (const [partition, end] of ends ?? []) {
        const start = starts?.get(partition) ?? 0n;
        const stand = committed.get(partition) ?? start;
        // What retention removed does not wait any more.
        total += end - (stand > start ? stand : start);
      }
      return Number(total);
    });
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'bus', backend: 'kafka' }, async () => {
      this.#assertOpen();
      await this.#run(() => this.#topics.ping());
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    await runKafka(this.#callTimeoutMs, () => Promise.all([this.#producer.close(true), this.#topics.close()])).catch(() => undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A group of ours belongs to one topic; Kafka's spans topics, and could not be given a start in one while it has members in another. */
  #names(topic: string, group: string): { brokerTopic: string; brokerGroup: string } {
    return { brokerTopic: this.#prefix + topic, brokerGroup: `${this.#prefix}${group}:${topic}` };
  }

  async #run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await runKafka(this.#callTimeoutMs, call);
    } catch (error) {
      this.#assertOpen();
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('unavailable', 'bus', 'The bus is closed.');
  }
}
