import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import type { RetryDelays } from './keyed-lanes.js';
import { MemoryGroup, type HeldMessage } from './memory-group.js';
import { checkName } from './names.js';
import type { Bus, BusMessage, StartPoint, SubscribeOptions, Subscription } from './port.js';

export interface MemoryBusOptions {
  /** Messages a topic holds for groups that start in the past. Default 10,000. */
  readonly retainMessages?: number;
  readonly retry?: RetryDelays;
  /**
   * When `publish` resolves: once messages are queued (default), or once every group that has members has handled them, at most
   * `handledWithinMs` later (then it rejects with StoreError `timeout`, and the messages stay queued). The second keeps a publisher with an
   * outbox from forgetting what only this process's memory holds.
   */
  readonly acknowledge?: 'queued' | 'handled';
  /** Default 10,000. */
  readonly handledWithinMs?: number;
}

/**
 * The embedded bus: one process, nothing survives it. What waits for a group without members stays in memory. A topic holds what was published
 * since the process started, at most.
 */
export function createMemoryBus(options: MemoryBusOptions = {}): MemoryBus {
  return new MemoryBus(options);
}

interface Topic {
  readonly held: HeldMessage[];
  /** From when on `held` is all there was. */
  heldSince: number;
  readonly groups: Map<string, MemoryGroup>;
}

export class MemoryBus implements Bus {
  readonly #topics = new Map<string, Topic>();
  readonly #retainMessages: number;
  readonly #retry: RetryDelays;
  readonly #handledWithinMs: number | undefined;
  readonly #openedAt = Date.now();
  #closed = false;

  constructor({ retainMessages = 10_000, retry = {}, acknowledge = 'queued', handledWithinMs = 10_000 }: MemoryBusOptions) {
    this.#handledWithinMs = acknowledge === 'handled' ? handledWithinMs : undefined;
    this.#retainMessages = retainMessages;
    this.#retry = retry;
  }

  async publish(topic: string, messages: readonly BusMessage[]): Promise<void> {
    checkName('topic', topic);
    this.#assertOpen();
    const known = this.#topic(topic);
    const { held, groups } = known;
    const publishedAt = Date.now();
    const handled: Promise<void>[] = [];
    for (const message of messages) {
      const { messageId, key, body, headers } = message;
      const copy = Object.freeze({ messageId, key, body, headers: Object.freeze({ ...headers }), publishedAt });
      held.push(copy);
      for (const group of groups.values()) {
        const done = group.push(copy);
        if (group.hasMembers) handled.push(done);
      }
    }
    if (held.length > this.#retainMessages) {
      const [last] = held.splice(0, held.length - this.#retainMessages).slice(-1);
      known.heldSince = (last?.publishedAt ?? publishedAt) + 1;
    }
    if (this.#handledWithinMs !== undefined) await within(this.#handledWithinMs, Promise.all(handled));
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    checkName('topic', options.topic);
    checkName('group', options.group);
    this.#assertOpen();
    const topic = this.#topic(options.topic);
    let group = topic.groups.get(options.group);
    if (!group) {
      group = new MemoryGroup(options.topic, this.#retry);
      topic.groups.set(options.group, group);
      for (const message of startingAt(topic, options.from ?? 'latest')) void group.push(message);
    }
    return group.join(options);
  }

  async lag(topic: string, group: string): Promise<number> {
    return this.#group(topic, group)?.pending ?? 0;
  }

  async hasPassed(topic: string, group: string, atMs: number): Promise<boolean> {
    const found = this.#group(topic, group);
    return found !== undefined && !found.waiting.some(({ publishedAt }) => publishedAt < atMs);
  }

  async heldSince(topic: string): Promise<number> {
    checkName('topic', topic);
    this.#assertOpen();
    return this.#topic(topic).heldSince;
  }

  /** A group keeps what it has not handled, so nothing is ever lost to it here. */
  async takeLost(topic: string, group: string): Promise<number> {
    this.#group(topic, group);
    return 0;
  }

  async dropGroup(topic: string, group: string): Promise<boolean> {
    const found = this.#group(topic, group);
    if (found?.hasMembers) return false;
    await found?.close();
    this.#topic(topic).groups.delete(group);
    return true;
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'bus', backend: 'memory' }, async () => this.#assertOpen());
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#topics.values()].flatMap(({ groups }) => [...groups.values()].map((group) => group.close())));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #group(topic: string, group: string): MemoryGroup | undefined {
    checkName('topic', topic);
    checkName('group', group);
    this.#assertOpen();
    return this.#topics.get(topic)?.groups.get(group);
  }

  #topic(name: string): Topic {
    const topic = this.#topics.get(name) ?? { held: [], heldSince: this.#openedAt, groups: new Map<string, MemoryGroup>() };
    this.#topics.set(name, topic);
    return topic;
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('unavailable', 'bus', 'The bus is closed.');
  }
}

/** What a new group of the topic starts with. */
function startingAt({ held, groups }: Topic, from: 'latest' | 'earliest' | StartPoint): readonly HeldMessage[] {
  if (from === 'latest') return [];
  if (from === 'earliest') return held;
  const behind = from.notAfter === undefined ? [] : (groups.get(from.notAfter)?.waiting ?? []);
  const isBehind = new Set(behind.map(({ messageId }) => messageId));
  const isHeld = new Set(held.map(({ messageId }) => messageId));
  return [
    ...behind.filter(({ messageId }) => !isHeld.has(messageId)),
    ...held.filter(({ publishedAt, messageId }) => publishedAt >= from.sinceMs || isBehind.has(messageId)),
  ];
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreError('timeout', 'bus', `A consumer has not handled a message within ${ms} ms.`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
