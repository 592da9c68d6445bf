import { compatibilityPartitioner, ProduceAcks, Producer, stringSerializers, type BaseOptions } from '@platformatic/kafka';
import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import { KafkaTopics, runKafka } from './kafka-client.js';
import { toKafka, type KafkaMessageToSend } from './kafka-message.js';
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

interface GroupStand {
  /** Per partition, the offset of the first message it has not acknowledged. */
  readonly next: ReadonlyMap<number, bigint>;
  readonly waiting: number;
  /** Messages between what it has acknowledged and the first that is left. */
  readonly lost: number;
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
  /** Settles when the last batch of a topic was sent or refused. */
  readonly #sending = new Map<string, Promise<unknown>>();
  readonly #lostTold = new Map<string, number>();
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
      if (messages.length > 0)
        await this.#inTurn(
          name,
          messages.map((message) => toKafka(name, message)),
        );
    });
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    const { topic, group, from = 'latest' } = options;
    checkName('topic', topic);
    checkName('group', group);
    this.#assertOpen();
    const { brokerTopic, brokerGroup } = this.#names(topic, group);
    const start =
      typeof from === 'string' || from.notAfter === undefined ? from : { ...from, notAfter: this.#names(topic, from.notAfter).brokerGroup };
    await this.#run(() => this.#topics.start(brokerTopic, brokerGroup, start));
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
    return (await this.#stand(topic, group))?.waiting ?? 0;
  }

  async hasPassed(topic: string, group: string, atMs: number): Promise<boolean> {
    const stand = await this.#stand(topic, group);
    if (!stand) return false;
    const { brokerTopic } = this.#names(topic, group);
    const goal = await this.#run(() => this.#topics.since(brokerTopic, stand.next.size, atMs));
    return [...goal].every(([partition, offset]) => (stand.next.get(partition) ?? 0n) >= offset);
  }

  async heldSince(topic: string): Promise<number> {
    checkName('topic', topic);
    this.#assertOpen();
    return this.#run(async () => {
      const partitions = await this.#topics.partitionsOf(this.#prefix + topic);
      return partitions ? this.#topics.heldSince(this.#prefix + topic, partitions) : 0;
    });
  }

  /** What retention removed before the group had it, per process that asks. */
  async takeLost(topic: string, group: string): Promise<number> {
    const lost = (await this.#stand(topic, group))?.lost ?? 0;
    const key = `${topic}/${group}`;
    const told = this.#lostTold.get(key) ?? 0;
    // Once the group is past the gap there is none; the next one counts from nothing.
    this.#lostTold.set(key, lost);
    return Math.max(0, lost - told);
  }

  async dropGroup(topic: string, group: string): Promise<boolean> {
    checkName('topic', topic);
    checkName('group', group);
    this.#assertOpen();
    return this.#run(() => this.#topics.dropGroup(this.#names(topic, group).brokerGroup));
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

  /**
   * One batch of a topic at a time: the broker takes a producer's batches by their numbers only, and one that overtakes another is refused and sent
   * again, with what it had placed elsewhere.
   */
  async #inTurn(topic: string, messages: readonly KafkaMessageToSend[]): Promise<void> {
    const before = this.#sending.get(topic);
    const sending = (async () => {
      await before;
      await this.#producer.send({ messages: [...messages] });
    })();
    const settled = sending.catch(() => undefined);
    this.#sending.set(topic, settled);
    await sending;
  }

  /** Where a group stands; undefined for a topic or group that does not exist. */
  async #stand(topic: string, group: string): Promise<GroupStand | undefined> {
    checkName('topic', topic);
    checkName('group', group);
    this.#assertOpen();
    const { brokerTopic, brokerGroup } = this.#names(topic, group);
    return this.#run(async () => {
      const partitions = await this.#topics.partitionsOf(brokerTopic);
      const committed = partitions ? await this.#topics.committed(brokerTopic, brokerGroup) : undefined;
      if (!partitions || !committed || committed.size === 0) return undefined;
      const [starts, ends] = await Promise.all(
        (['earliest', 'latest'] as const).map((side) => this.#topics.ends(brokerTopic, partitions, side)),
      );
      const next = new Map<number, bigint>();
      let [waiting, lost] = [0n, 0n];
      for (const [partition, end] of ends ?? []) {
        const start = starts?.get(partition) ?? 0n;
        const stand = committed.get(partition) ?? start;
        // What retention removed does not wait any more.
        next.set(partition, stand > start ? stand : start);
        waiting += end - (stand > start ? stand : start);
        lost += start > stand ? start - stand : 0n;
      }
      return { next, waiting: Number(waiting), lost: Number(lost) };
    });
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
