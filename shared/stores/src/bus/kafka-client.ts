import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, ListOffsetTimestamps, type BaseOptions } from '@platformatic/kafka';
import { isKafkaAnswer, isUnknownTopic, KafkaDeadlineError, toKafkaStoreError } from './kafka-errors.js';

export interface TopicShape {
  readonly partitions: number;
  /** -1: what the brokers are set to. */
  readonly replicas: number;
}

/** Runs a call of the client under a deadline. @throws StoreError as `toKafkaStoreError` classifies */
export async function runKafka<T>(deadlineMs: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new KafkaDeadlineError(`no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([call(), deadline]);
  } catch (error) {
    throw toKafkaStoreError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Offsets of a topic's partitions, by number. */
export type OffsetsByPartition = ReadonlyMap<number, bigint>;

/** What a bus asks about topics and groups, and sets. Calls throw the client's errors. */
export class KafkaTopics {
  readonly #admin: Admin;
  readonly #shape: TopicShape;
  readonly #ready = new Map<string, Promise<number>>();

  constructor(options: BaseOptions, shape: TopicShape) {
    this.#admin = new Admin(options);
    this.#shape = shape;
  }

  /** Creates the topic unless it is there. @returns how many partitions it has */
  async ensure(topic: string): Promise<number> {
    const ready = this.#ready.get(topic) ?? this.#create(topic);
    this.#ready.set(topic, ready);
    try {
      return await ready;
    } catch (error) {
      this.#ready.delete(topic);
      throw error;
    }
  }

  /** How many partitions a topic has; undefined when there is none. */
  async partitionsOf(topic: string): Promise<number | undefined> {
    try {
      // Not repeated: for the client an unknown topic is a failure that may pass.
      const { topics } = await this.#admin.metadata({ topics: [topic], forceUpdate: true, retries: 0 });
      return topics.get(topic)?.partitionsCount;
    } catch (error) {
      if (isUnknownTopic(error)) return undefined;
      throw error;
    }
  }

  async ends(topic: string, partitions: number, side: 'earliest' | 'latest'): Promise<OffsetsByPartition> {
    const timestamp = side === 'earliest' ? ListOffsetTimestamps.EARLIEST : ListOffsetTimestamps.LATEST;
    const asked = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, timestamp }));
    const [answer] = await this.#admin.listOffsets({ topics: [{ name: topic, partitions: asked }] });
    return new Map(answer?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
  }

  /** Committed offsets of a group; partitions without one are left out. */
  async committed(topic: string, group: string): Promise<OffsetsByPartition> {
    const [answer] = await this.#admin.listConsumerGroupOffsets({ groups: [group] });
    const found = answer?.topics.find(({ name }) => name === topic)?.partitions ?? [];
    return new Map(
      found
        .filter(({ committedOffset }) => committedOffset >= 0n)
        .map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
    );
  }

  /**
   * Gives a new group its start in every partition, before anyone joins it: a consumer alone would decide at its first fetch, and miss
   * what was published between. The broker refuses it once a member has joined; that member has done it then.
   */
  async start(topic: string, group: string, from: 'earliest' | 'latest'): Promise<void> {
    const partitions = await this.ensure(topic);
    const committed = await this.committed(topic, group);
    // Partitions that were added later start at their beginning: nothing in them was seen.
    const ends = await this.ends(topic, partitions, committed.size > 0 ? 'earliest' : from);
    const missing = [...ends].filter(([partition]) => !committed.has(partition));
    if (missing.length === 0) return;
    const partitionOffsets = missing.map(([partition, offset]) => ({ partition, offset }));
    try {
      await this.#admin.alterConsumerGroupOffsets({ groupId: group, topics: [{ name: topic, partitionOffsets }] });
    } catch (error) {
      if (!isKafkaAnswer(error, 'UNKNOWN_MEMBER_ID') && !isKafkaAnswer(error, 'REBALANCE_IN_PROGRESS')) throw error;
    }
  }

  async ping(): Promise<void> {
    await this.#admin.metadata({ forceUpdate: true });
  }

  close(): Promise<void> {
    return this.#admin.close();
  }

  async #create(topic: string): Promise<number> {
    const known = await this.partitionsOf(topic);
    if (known) return known;
    try {
      await this.#admin.createTopics({ topics: [topic], ...this.#shape });
    } catch (error) {
      if (!isKafkaAnswer(error, 'TOPIC_ALREADY_EXISTS')) throw error;
    }
    // Brokers learn of a topic one after the other; the caller's deadline ends the waiting.
    for (;;) {
      const partitions = await this.partitionsOf(topic).catch((error: unknown) => {
        if (isKafkaAnswer(error, 'LEADER_NOT_AVAILABLE')) return undefined;
        throw error;
      });
      if (partitions) return partitions;
      await sleep(50);
    }
  }
}
