import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer, stringDeserializers, type BaseOptions, type MessagesStream } from '@platformatic/kafka';
import { runKafka } from './kafka-client.js';
import { fromKafka, type KafkaMessage } from './kafka-message.js';
import { PartitionOffsets } from './kafka-offsets.js';
import { KeyedLanes, type RetryDelays } from './keyed-lanes.js';
import type { SubscribeOptions, Subscription } from './port.js';

export interface KafkaSubscriptionContext extends SubscribeOptions {
  readonly client: BaseOptions;
  /** Names at the broker, prefix included. */
  readonly brokerTopic: string;
  readonly brokerGroup: string;
  readonly sessionTimeoutMs: number;
  readonly joinTimeoutMs: number;
  readonly retry: RetryDelays;
}

type StringConsumer = Consumer<string, string, string, string>;
type StringStream = MessagesStream<string, string, string, string>;

/** Reading pauses while this many messages wait in memory. */
const MAX_PENDING = 500;
/** How long the broker holds a fetch when there is nothing new, and so how long a stop may take. */
const MAX_WAIT_MS = 500;
const COMMIT_INTERVAL_MS = 200;
const MAX_BACKOFF_MS = 5_000;

/**
 * One member of a group. A message that fails is tried again here, in place, so order per key holds and the group's offset waits for it.
 * The offset is committed as messages are handled, at least every 200 ms. When partitions move to another member, what was queued here
 * is dropped; what was handled but not yet committed is delivered there again.
 */
export class KafkaSubscription implements Subscription {
  readonly #context: KafkaSubscriptionContext;
  readonly #offsets = new Map<number, PartitionOffsets>();
  readonly #lanes: KeyedLanes;
  readonly #stop = new AbortController();
  #consumer: StringConsumer | undefined;
  #stream: StringStream | undefined;
  #committing: Promise<void> | undefined;
  #loop: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(context: KafkaSubscriptionContext) {
    const { concurrency = 1, retry } = context;
    this.#context = context;
    this.#lanes = new KeyedLanes({ hasRoom: (running) => running < concurrency, retry });
  }

  /** Resolves once the member has joined the group. */
  static async start(context: KafkaSubscriptionContext): Promise<KafkaSubscription> {
    const subscription = new KafkaSubscription(context);
    try {
      await subscription.#join();
    } catch (error) {
      await subscription.#leave();
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
    const timer = setInterval(() => void this.#commit(), COMMIT_INTERVAL_MS);
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        if (!this.#stream) await this.#join();
        failures = 0;
        await this.#read();
      } catch {
        failures += 1;
      }
      if (this.#stop.signal.aborted) break;
      // The stream broke or ended: begin again as a new member, from what is committed.
      await this.#leave();
      await sleep(Math.min(50 * 2 ** failures, MAX_BACKOFF_MS), undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    clearInterval(timer);
  }

  async #join(): Promise<void> {
    const { client, brokerTopic, brokerGroup, sessionTimeoutMs, joinTimeoutMs } = this.#context;
    const consumer: StringConsumer = new Consumer({
      ...client,
      groupId: brokerGroup,
      deserializers: stringDeserializers,
      autocommit: false,
      maxWaitTime: MAX_WAIT_MS,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 3),
      rebalanceTimeout: sessionTimeoutMs,
    });
    this.#consumer = consumer;
    consumer.on('consumer:group:join', () => this.#forgetLost(consumer));
    this.#stream = await runKafka(joinTimeoutMs, () =>
      consumer.consume({ topics: [brokerTopic], mode: 'committed', fallbackMode: 'earliest' }),
    );
    // Errors of the stream end the iteration of `#read`; without a listener they would end the process while nobody iterates.
    this.#stream.on('error', () => undefined);
  }

  async #read(): Promise<void> {
    for await (const message of this.#stream ?? []) {
      if (this.#stop.signal.aborted) return;
      this.#add(message);
      while (this.#lanes.pending >= MAX_PENDING && !this.#stop.signal.aborted) await this.#lanes.untilBelow(MAX_PENDING, 1_000);
    }
  }

  #add(message: KafkaMessage): void {
    const { topic, handler } = this.#context;
    const { partition, offset } = message;
    // Messages fetched before a rebalance may belong to partitions that went.
    if (!this.#assigned(this.#consumer).includes(partition)) return;
    const offsets = this.#offsets.get(partition) ?? new PartitionOffsets();
    this.#offsets.set(partition, offsets);
    if (!offsets.take(offset)) return;
    const delivered = { ...fromKafka(message), topic };
    this.#lanes.push({
      lane: delivered.key,
      isWanted: () => this.#offsets.get(partition) === offsets,
      run: (attempt) => handler({ ...delivered, attempt }),
      onDone: () => offsets.done(offset),
    });
  }

  #assigned(consumer: StringConsumer | undefined): readonly number[] {
    return consumer?.assignments?.find(({ topic }) => topic === this.#context.brokerTopic)?.partitions ?? [];
  }

  #forgetLost(consumer: StringConsumer): void {
    if (consumer !== this.#consumer) return;
    const assigned = this.#assigned(consumer);
    for (const partition of this.#offsets.keys()) if (!assigned.includes(partition)) this.#offsets.delete(partition);
  }

  /** One commit at a time: of two at once the older could arrive last. What fails is committed with the next. */
  #commit(): Promise<void> {
    this.#committing ??= this.#commitNow()
      .catch(() => undefined)
      .finally(() => {
        this.#committing = undefined;
      });
    return this.#committing;
  }

  async #commitNow(): Promise<void> {
    const moved = [...this.#offsets].flatMap(([partition, offsets]) => {
      const offset = offsets.toCommit;
      return offset === undefined ? [] : [{ partition, offsets, offset }];
    });
    if (moved.length === 0 || !this.#consumer) return;
    const topic = this.#context.brokerTopic;
    await this.#consumer.commit({ offsets: moved.map(({ partition, offset }) => ({ topic, partition, offset, leaderEpoch: -1 })) });
    for (const { offsets, offset } of moved) offsets.committed(offset);
  }

  /** Gives consumer and stream up, and forgets what was queued. */
  async #leave(): Promise<void> {
    const { joinTimeoutMs } = this.#context;
    const [consumer, stream] = [this.#consumer, this.#stream];
    this.#offsets.clear();
    this.#consumer = undefined;
    this.#stream = undefined;
    // A broker that is away cannot be told; the session of this member ends there by itself.
    await runKafka(joinTimeoutMs, async () => stream?.close()).catch(() => undefined);
    await runKafka(joinTimeoutMs, async () => consumer?.close(true)).catch(() => undefined);
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    await this.#lanes.close();
    await this.#committing;
    await runKafka(this.#context.joinTimeoutMs, () => this.#commit()).catch(() => undefined);
    await this.#leave();
    await this.#loop;
  }
}
