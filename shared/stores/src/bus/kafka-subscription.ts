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
/** How long a commit may hold up a rebalance. */
const LAST_COMMIT_MS = 2_000;
const MAX_BACKOFF_MS = 5_000;

/**
 * One member of a group. A message that fails is tried again here, in place, so order per key holds and the group's offset waits for it.
 *
 * *reading*: messages are handled, and the offset committed every 200 ms -> *rebalancing*: the broker asked the members to join
 * again. Nothing more is started, what runs gets half a session to end, its offset is committed, what was queued is forgotten, and only
 * then the member joins -> *reading*, from what is committed. So a message is in the hands of two members only if its handler
 * takes longer than that, or its member died. Errors of the client lead from anywhere to a new member, after a delay.
 */
export class KafkaSubscription implements Subscription {
  readonly #context: KafkaSubscriptionContext;
  readonly #offsets = new Map<number, PartitionOffsets>();
  readonly #lanes: KeyedLanes;
  readonly #stop = new AbortController();
  #consumer: StringConsumer | undefined;
  #stream: StringStream | undefined;
  /** Settles when the rebalance that is under way ends. */
  #rebalance: PromiseWithResolvers<void> | undefined;
  #committing: Promise<void> | undefined;
  #loop: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(context: KafkaSubscriptionContext) {
    const { concurrency = 1, retry } = context;
    this.#context = context;
    this.#lanes = new KeyedLanes({ hasRoom: (running) => !this.#rebalance && running < concurrency, retry });
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
    const timer = setInterval(() => {
      if (!this.#rebalance) void this.#commit();
    }, COMMIT_INTERVAL_MS);
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        const consumer = this.#consumer ?? (await this.#join());
        await this.#rebalance?.promise;
        failures = 0;
        await this.#read(consumer);
      } catch {
        if (this.#stop.signal.aborted) break;
        failures += 1;
        await this.#leave();
        await sleep(Math.min(50 * 2 ** failures, MAX_BACKOFF_MS), undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
    clearInterval(timer);
  }

  async #join(): Promise<StringConsumer> {
    const { client, brokerTopic, brokerGroup, sessionTimeoutMs, joinTimeoutMs } = this.#context;
    const consumer: StringConsumer = new Consumer({
      ...client,
      groupId: brokerGroup,
      deserializers: stringDeserializers,
      autocommit: false,
      maxWaitTime: MAX_WAIT_MS,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 6),
      rebalanceTimeout: sessionTimeoutMs,
      // The client asks for this before every join and waits for it: the one place where it lets a member finish first.
      protocolsMetadata: async () => {
        await this.#handOver(consumer);
        return Buffer.alloc(0);
      },
    });
    this.#consumer = consumer;
    consumer.on('consumer:group:join', () => this.#onJoined(consumer));
    consumer.on('error', (error: Error) => this.#onBroken(consumer, error));
    consumer.on('consumer:heartbeat:stalled', () => this.#onBroken(consumer, new Error('The heartbeat has stalled.')));
    // Counted here once more, so that the end of a stream does not end the subscription to the topic, nor its next one cause a rebalance.
    consumer.topics.track(brokerTopic);
    await runKafka(joinTimeoutMs, () => consumer.joinGroup());
    return consumer;
  }

  /** A stream keeps positions and buffers of partitions that went and came back, so each assignment gets a new one. */
  async #read(consumer: StringConsumer): Promise<void> {
    const { brokerTopic, joinTimeoutMs } = this.#context;
    const stream = await runKafka(joinTimeoutMs, () =>
      consumer.consume({ topics: [brokerTopic], mode: 'committed', fallbackMode: 'earliest' }),
    );
    // Errors end the iteration below; without a listener they would end the process while nothing is awaited.
    stream.on('error', () => undefined);
    this.#stream = stream;
    if (this.#rebalance || this.#stop.signal.aborted) {
      await this.#closeStream();
      return;
    }
    for await (const message of stream) {
      if (this.#stream !== stream || this.#stop.signal.aborted) return;
      this.#add(message);
      while (this.#lanes.pending >= MAX_PENDING && this.#stream === stream) await this.#lanes.untilBelow(MAX_PENDING, 1_000);
    }
  }

  #add(message: KafkaMessage): void {
    const { topic, handler } = this.#context;
    const { partition, offset } = message;
    const offsets = this.#offsets.get(partition) ?? new PartitionOffsets();
    this.#offsets.set(partition, offsets);
    if (!offsets.take(offset)) return;
    const delivered = { ...fromKafka(message), topic, publishedAt: Number(message.timestamp) };
    this.#lanes.push({
      lane: delivered.key,
      isWanted: () => this.#offsets.get(partition) === offsets,
      run: (attempt) => handler({ ...delivered, attempt }),
      onDone: () => offsets.done(offset),
    });
  }

  async #handOver(consumer: StringConsumer): Promise<void> {
    if (consumer !== this.#consumer) return;
    if (!this.#rebalance) {
      this.#rebalance = Promise.withResolvers();
      // Whoever waits for it sees the failure; nobody has to.
      this.#rebalance.promise.catch(() => undefined);
    }
    await this.#lanes.untilIdle(this.#context.sessionTimeoutMs / 2);
    await runKafka(LAST_COMMIT_MS, async () => {
      await this.#committing;
      await this.#commit();
    }).catch(() => undefined);
    this.#offsets.clear();
    await this.#closeStream();
  }

  #onJoined(consumer: StringConsumer): void {
    if (consumer !== this.#consumer) return;
    this.#rebalance?.resolve();
    this.#rebalance = undefined;
    this.#lanes.poke();
  }

  #onBroken(consumer: StringConsumer, error: Error): void {
    if (consumer !== this.#consumer) return;
    this.#rebalance?.reject(error);
    this.#stream?.destroy(error);
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

  async #closeStream(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    await runKafka(LAST_COMMIT_MS, async () => stream?.close()).catch(() => undefined);
  }

  /** Gives consumer and stream up, and forgets what was queued. */
  async #leave(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    this.#offsets.clear();
    this.#rebalance?.resolve();
    this.#rebalance = undefined;
    await this.#closeStream();
    // A broker that is away cannot be told; the session of this member ends there by itself.
    await runKafka(this.#context.joinTimeoutMs, async () => consumer?.close(true)).catch(() => undefined);
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    await this.#lanes.close();
    await runKafka(LAST_COMMIT_MS, async () => {
      await this.#committing;
      await this.#commit();
    }).catch(() => undefined);
    // The loop first: a consumer that is closed while it begins to consume joins again, and stays in the group for ever.
    this.#rebalance?.resolve();
    await this.#closeStream();
    await Promise.race([this.#loop, sleep(LAST_COMMIT_MS, undefined, { ref: false })]);
    await this.#leave();
    await this.#loop;
    await this.#leave();
  }
}
