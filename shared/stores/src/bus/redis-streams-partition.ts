import type { RedisConnection } from '../cache/redis-client.js';
import type { KeyedLanes } from './keyed-lanes.js';
import type { BusMessage, SubscribeOptions } from './port.js';
import { toMessage, type StreamEntry } from './redis-streams-entry.js';

export interface PartitionContext {
  readonly stream: string;
  readonly topic: string;
  readonly group: string;
  readonly member: string;
  readonly connection: RedisConnection;
  readonly lanes: KeyedLanes;
  readonly handler: SubscribeOptions['handler'];
}

/** Entries taken over in one call. */
const TAKEOVER_BATCH = 100;

/**
 * A partition while this member holds its lease.
 *
 * *taking over*: entries that former holders left unacknowledged become ours, oldest first -> *reading*: new entries may be read ->
 * *giving up*: nothing more is started; once nothing runs and all is acknowledged the lease can go. Losing the lease skips the rest.
 */
export class HeldPartition {
  readonly stream: string;
  readonly #context: PartitionContext;
  readonly #waiting = new Map<string, number>();
  readonly #running = new Set<string>();
  readonly #acknowledged: string[] = [];
  #flushing: Promise<void> | undefined;
  #cursor: string | undefined = '0-0';
  #isGivingUp = false;

  constructor(context: PartitionContext) {
    this.#context = context;
    this.stream = context.stream;
  }

  get isTakingOver(): boolean {
    return this.#cursor !== undefined && !this.#isGivingUp;
  }

  get isReading(): boolean {
    return this.#cursor === undefined && !this.#isGivingUp;
  }

  get isGivingUp(): boolean {
    return this.#isGivingUp;
  }

  get isIdle(): boolean {
    return this.#running.size === 0 && this.#acknowledged.length === 0;
  }

  giveUp(): void {
    this.#isGivingUp = true;
  }

  /** Takes over the next unacknowledged entries; the last call changes to reading. */
  async takeOver(): Promise<void> {
    const { stream, group, member, connection } = this.#context;
    const answer = await connection.run((client) =>
      client.xautoclaim(stream, group, member, 0, this.#cursor ?? '0-0', 'COUNT', TAKEOVER_BATCH),
    );
    // [next cursor, entries, ids of trimmed entries]; the last only from Redis 7 on.
    const [cursor, entries] = answer as [string, StreamEntry[]];
    const deliveries = await this.#countDeliveries(entries);
    for (const entry of entries) this.add(entry, (deliveries.get(entry[0]) ?? 1) - 1);
    this.#cursor = cursor === '0-0' ? undefined : cursor;
  }

  /** Queues an entry that was delivered to this member. */
  add([id, fields]: StreamEntry, formerAttempts: number): void {
    if (!fields) {
      this.#acknowledged.push(id);
      return;
    }
    const message = this.#parse(id, fields);
    if (!message) return;
    const { topic, handler, lanes } = this.#context;
    this.#waiting.set(id, formerAttempts);
    lanes.push({
      lane: message.key,
      formerAttempts,
      isWanted: () => !this.#isGivingUp,
      run: async (attempt) => {
        this.#waiting.delete(id);
        this.#running.add(id);
        await handler({ ...message, topic, publishedAt: Number.parseInt(id, 10), attempt });
      },
      onDone: () => {
        this.#running.delete(id);
        this.#acknowledged.push(id);
        // At once, unless a call is under way: the loop may be waiting for new messages. What fails is the loop's to repeat.
        if (!this.#flushing) void this.flush().catch(() => undefined);
      },
      onFailed: (attempt) => {
        this.#running.delete(id);
        this.#waiting.set(id, attempt);
        // So that the next holder knows, should this process die; best effort.
        void this.#storeAttempts(id, attempt).catch(() => undefined);
      },
    });
  }

  /** Acknowledges what was handled. What fails stays for the next call. */
  async flush(): Promise<void> {
    while (this.#flushing || this.#acknowledged.length > 0) {
      this.#flushing ??= this.#acknowledge().finally(() => {
        this.#flushing = undefined;
      });
      await this.#flushing;
    }
  }

  /** Takes back the delivery of what was never started, so that the next holder counts attempts right. */
  async returnWaiting(): Promise<void> {
    await Promise.all([...this.#waiting].map(([id, attempts]) => this.#storeAttempts(id, attempts)));
    this.#waiting.clear();
  }

  async #acknowledge(): Promise<void> {
    const { stream, group, connection } = this.#context;
    const ids = this.#acknowledged.slice();
    await connection.run((client) => client.xack(stream, group, ...ids));
    this.#acknowledged.splice(0, ids.length);
  }

  #parse(id: string, fields: readonly string[]): BusMessage | undefined {
    try {
      return toMessage(id, fields);
    } catch {
      // Not ours and never will be: it stays unacknowledged, in sight of `lag`, and blocks nobody.
      return undefined;
    }
  }

  async #storeAttempts(id: string, attempts: number): Promise<void> {
    const { stream, group, member, connection } = this.#context;
    await connection.run((client) => client.call('XCLAIM', stream, group, member, 0, id, 'RETRYCOUNT', attempts, 'JUSTID'));
  }

  async #countDeliveries(entries: readonly StreamEntry[]): Promise<Map<string, number>> {
    const { stream, group, member, connection } = this.#context;
    const [first, last] = [entries[0]?.[0], entries.at(-1)?.[0]];
    if (first === undefined || last === undefined) return new Map();
    const answer = await connection.run((client) => client.xpending(stream, group, first, last, entries.length, member));
    // [id, member, idle ms, deliveries]
    return new Map((answer as [string, string, number, number][]).map(([id, , , deliveries]) => [id, deliveries]));
  }
}
