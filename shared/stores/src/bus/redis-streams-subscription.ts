import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisConnection, type RedisConnectionOptions } from '../cache/redis-client.js';
import { KeyedLanes, type RetryDelays } from './keyed-lanes.js';
import type { StartPoint, SubscribeOptions, Subscription } from './port.js';
import type { StreamEntry } from './redis-streams-entry.js';
import type { TopicKeys } from './redis-streams-layout.js';
import { HeldPartition } from './redis-streams-partition.js';
import { createGroupScript, leaseScript, leaveScript } from './redis-streams-scripts.js';

export interface RedisSubscriptionContext extends SubscribeOptions {
  readonly keys: TopicKeys;
  readonly partitions: number;
  readonly leaseMs: number;
  readonly retry: RetryDelays;
  /** Shared connection of the bus, for everything that does not block. */
  readonly connection: RedisConnection;
  /** What the reading connection is made from. */
  readonly reader: Omit<RedisConnectionOptions, 'store' | 'blockMs'>;
}

/** How long one read waits for messages, and so how long a lease that was given up waits for its reader. */
const BLOCK_MS = 250;
const READ_COUNT = 100;
/** Reading pauses while this many messages wait in memory. */
const MAX_PENDING = 500;
const MAX_BACKOFF_MS = 2_000;

/**
 * One member of a group. A lease per partition says who reads it, so that messages of one key are in the hands of one member;
 * leases are spread evenly and move when members come, go or die.
 *
 * One loop does everything in turn: renew and balance leases, take over what former holders left, acknowledge, read. Nothing in it blocks
 * for longer than a third of the lease. A member that stalls longer loses its partitions: what it has in hand may be handled twice.
 */
export class RedisSubscription implements Subscription {
  readonly #context: RedisSubscriptionContext;
  readonly #member = randomUUID();
  readonly #held = new Map<number, HeldPartition>();
  readonly #reader: RedisConnection;
  readonly #lanes: KeyedLanes;
  readonly #stop = new AbortController();
  #nextLeaseAt = 0;
  #leasedUntil = 0;
  #loop: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(context: RedisSubscriptionContext) {
    const { concurrency = 1, retry, reader } = context;
    this.#context = context;
    this.#reader = new RedisConnection({ ...reader, store: 'bus', blockMs: BLOCK_MS });
    this.#lanes = new KeyedLanes({ hasRoom: (running) => running < concurrency, retry });
  }

  /** Resolves once the group exists. */
  static async start(context: RedisSubscriptionContext): Promise<RedisSubscription> {
    const subscription = new RedisSubscription(context);
    try {
      await subscription.#createGroup(...groupStart(context.from ?? 'latest'));
      await subscription.#balance();
    } catch (error) {
      subscription.#reader.disconnect();
      throw error;
    }
    subscription.#loop = subscription.#run();
    return subscription;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#step();
        failures = 0;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        failures += 1;
        await this.#recover(error, failures);
      }
    }
  }

  async #step(): Promise<void> {
    if (Date.now() >= this.#nextLeaseAt) await this.#balance();
    for (const partition of this.#held.values()) {
      if (partition.isTakingOver && this.#lanes.pending < MAX_PENDING) await partition.takeOver();
      await partition.flush();
    }
    const untilLease = Math.max(1, this.#nextLeaseAt - Date.now());
    if (this.#lanes.pending >= MAX_PENDING) await this.#lanes.untilBelow(MAX_PENDING, Math.min(untilLease, BLOCK_MS));
    else await this.#read(Math.min(untilLease, BLOCK_MS));
  }

  async #read(blockMs: number): Promise<void> {
    const reading = [...this.#held.values()].filter((partition) => partition.isReading);
    if (reading.length === 0) {
      const isBusy = [...this.#held.values()].some((partition) => partition.isTakingOver);
      await sleep(isBusy ? 0 : blockMs, undefined, { signal: this.#stop.signal });
      return;
    }
    const { group } = this.#context;
    const streams = reading.map(({ stream }) => stream);
    const answer = await this.#reader.run((client) =>
      client.xreadgroup(
        'GROUP',
        group,
        this.#member,
        'COUNT',
        READ_COUNT,
        'BLOCK',
        blockMs,
        'STREAMS',
        ...streams,
        ...streams.map(() => '>'),
      ),
    );
    for (const [stream, entries] of (answer ?? []) as [string, StreamEntry[]][]) {
      const partition = reading.find((each) => each.stream === stream);
      for (const entry of entries) partition?.add(entry, 0);
    }
  }

  /** Renews leases, gives up what is over the fair share, takes what is free. */
  async #balance(): Promise<void> {
    const { keys, group, partitions, leaseMs } = this.#context;
    const given = [...this.#held].filter(([, partition]) => partition.isGivingUp && partition.isIdle);
    await Promise.all(given.map(([, partition]) => partition.returnWaiting()));
    const askedAt = Date.now();
    const args = [this.#member, leaseMs, given.map(([number]) => number).join(',')];
    const answer = await this.#context.connection.run((client) => leaseScript.run(client, keys.leases(group, partitions), args));
    // The script answers an integer and a list of integers.
    const [members, held] = answer as [number, number[]];
    this.#leasedUntil = askedAt + leaseMs;
    for (const [number, partition] of this.#held) if (!held.includes(number)) this.#drop(number, partition);
    for (const number of held) if (!this.#held.has(number)) this.#held.set(number, this.#hold(number));
    const staying = [...this.#held.values()].filter((partition) => !partition.isGivingUp);
    for (const partition of staying.slice(Math.ceil(partitions / members))) partition.giveUp();
    const isMoving = [...this.#held.values()].some((partition) => partition.isGivingUp) || held.length < Math.floor(partitions / members);
    // While leases move, look again soon: messages of a partition between two members wait.
    this.#nextLeaseAt = Date.now() + (isMoving ? Math.min(BLOCK_MS, leaseMs / 3) : leaseMs / 3);
  }

  #hold(number: number): HeldPartition {
    const { keys, topic, group, handler, connection } = this.#context;
    return new HeldPartition({ stream: keys.stream(number), topic, group, member: this.#member, connection, lanes: this.#lanes, handler });
  }

  #drop(number: number, partition: HeldPartition): void {
    partition.giveUp();
    this.#held.delete(number);
  }

  async #recover(error: unknown, failures: number): Promise<void> {
    // Without news from the server for a lease, others may hold our partitions by now.
    if (Date.now() >= this.#leasedUntil) for (const [number, partition] of this.#held) this.#drop(number, partition);
    if (error instanceof Error && error.message.includes('NOGROUP')) {
      // The server lost its data, and with it what was published before: begin with all it has.
      await this.#createGroup('0-0').catch(() => undefined);
    }
    await sleep(Math.min(50 * 2 ** failures, MAX_BACKOFF_MS), undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  async #createGroup(...start: readonly string[]): Promise<void> {
    const { keys, group, partitions, connection } = this.#context;
    await connection.run((client) => createGroupScript.run(client, keys.streams(partitions), [group, ...start]));
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    // A read under way ends with its connection; what it was being given is taken over by the next holder.
    this.#reader.disconnect();
    await this.#loop;
    await this.#lanes.close();
    const { keys, group, partitions, connection } = this.#context;
    try {
      await Promise.all(
        [...this.#held.values()].map(async (partition) => {
          await partition.flush();
          await partition.returnWaiting();
        }),
      );
      await connection.run((client) => leaveScript.run(client, keys.leases(group, partitions), [this.#member]));
    } catch {
      // The server is away: leases and memberships expire by themselves, and unacknowledged messages are taken over then.
    }
  }
}

/** Arguments of `createGroupScript`: the id after which the group starts, and the group it may not start after. */
function groupStart(from: 'latest' | 'earliest' | StartPoint): readonly string[] {
  if (from === 'latest') return ['$'];
  if (from === 'earliest' || from.sinceMs < 1) return ['0-0'];
  const start = `${Math.floor(from.sinceMs) - 1}-18446744073709551615`;
  return from.notAfter === undefined ? [start] : [start, from.notAfter];
}
