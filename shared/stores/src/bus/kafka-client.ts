import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, ListOffsetTimestamps, type BaseOptions } from '@platformatic/kafka';
import type { StartPoint } from './port.js';
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

/** As `StartPoint` of the port, with the broker's name of the group. */
export type GroupStart = 'earliest' | 'latest' | StartPoint;

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
    const found = await this.#find(topic, partitions, side === 'earliest' ? ListOffsetTimestamps.EARLIEST : ListOffsetTimestamps.LATEST);
    return new Map(found.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
  }

  /** Of each partition, the first message at or after this time; its end where there is none. */
  async since(topic: string, partitions: number, atMs: number): Promise<OffsetsByPartition> {
    const [found, ends] = await Promise.all([
      this.#find(topic, partitions, BigInt(Math.max(0, Math.floor(atMs)))),
      this.ends(topic, partitions, 'latest'),
    ]);
    return new Map(found.map(({ partitionIndex: at, offset }) => [at, offset >= 0n ? offset : (ends.get(at) ?? 0n)]));
  }

  /** The time from which on every partition is whole, by the messages that are left; 0 when none was ever removed. */
  async heldSince(topic: string, partitions: number): Promise<number> {
    const [starts, oldest] = await Promise.all([this.ends(topic, partitions, 'earliest'), this.#find(topic, partitions, 0n)]);
    const shortened = oldest.filter(({ partitionIndex }) => (starts.get(partitionIndex) ?? 0n) > 0n);
    return Math.max(0, ...shortened.map(({ timestamp }) => (timestamp >= 0n ? Number(timestamp) + 1 : Date.now())));
  }

  /** False while the group has members. */
  async dropGroup(group: string): Promise<boolean> {
    try {
      await this.#admin.deleteGroups({ groups: [group] });
    } catch (error) {
      if (isKafkaAnswer(error, 'NON_EMPTY_GROUP')) return false;
      if (!isKafkaAnswer(error, 'GROUP_ID_NOT_FOUND')) throw error;
    }
    return true;
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
  async start(topic: string, group: string, from: GroupStart): Promise<void> {
    const partitions = await this.ensure(topic);
    const committed = await this.committed(topic, group);
    // Partitions that were added later start at their beginning: nothing in them was seen.
    const ends = await this.#startOffsets(topic, partitions, committed.size > 0 ? 'earliest' : from);
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

  async #startOffsets(topic: string, partitions: number, from: GroupStart): Promise<OffsetsByPartition> {
    if (typeof from === 'string') return this.ends(topic, partitions, from);
    const since = await this.since(topic, partitions, from.sinceMs);
    const other = from.notAfter === undefined ? new Map<number, bigint>() : await this.committed(topic, from.notAfter);
    return new Map([...since].map(([partition, offset]) => [partition, earlier(offset, other.get(partition))]));
  }

  async #find(topic: string, partitions: number, timestamp: bigint) {
    const asked = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, timestamp }));
    const [answer] = await this.#admin.listOffsets({ topics: [{ name: topic, partitions: asked }] });
    return answer?.partitions ?? [];
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

function earlier(offset: bigint, other: bigint | undefined): bigint {
  return other !== undefined && other < offset ? other : offset;
}
