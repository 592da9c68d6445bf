import { KeyedLanes, type RetryDelays } from './keyed-lanes.js';
import type { BusMessage, SubscribeOptions, Subscription } from './port.js';

/** A message with the time it was published. */
export interface HeldMessage extends BusMessage {
  readonly publishedAt: number;
}

interface WaitingMessage {
  readonly message: HeldMessage;
  readonly handled: Promise<void>;
}

interface Member {
  readonly handler: SubscribeOptions['handler'];
  readonly concurrency: number;
  readonly running: Set<Promise<void>>;
}

/** A group of one topic: its lanes are shared by its members, so order per key holds across them. */
export class MemoryGroup {
  readonly #topic: string;
  readonly #members = new Set<Member>();
  readonly #lanes: KeyedLanes;
  readonly #waiting = new Map<string, WaitingMessage>();

  constructor(topic: string, retry: RetryDelays) {
    this.#topic = topic;
    this.#lanes = new KeyedLanes({ hasRoom: () => this.#freeMember() !== undefined, retry });
  }

  get pending(): number {
    return this.#lanes.pending;
  }

  /** What is not handled yet, oldest first. */
  get waiting(): readonly HeldMessage[] {
    return [...this.#waiting.values()].map(({ message }) => message);
  }

  get hasMembers(): boolean {
    return this.#members.size > 0;
  }

  /** Resolves once the message is handled. One that waits already is not queued again: its publisher has asked twice. */
  push(message: HeldMessage): Promise<void> {
    const waiting = this.#waiting.get(message.messageId);
    if (waiting) return waiting.handled;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(message.messageId, { message, handled: promise });
    const onDone = (): void => {
      this.#waiting.delete(message.messageId);
      resolve();
    };
    this.#lanes.push({ lane: message.key, run: (attempt) => this.#handle(message, attempt), onDone });
    return promise;
  }

  join({ handler, concurrency = 1 }: SubscribeOptions): Subscription {
    const member: Member = { handler, concurrency, running: new Set() };
    this.#members.add(member);
    this.#lanes.poke();
    const close = async (): Promise<void> => {
      this.#members.delete(member);
      await Promise.allSettled(member.running);
    };
    return { close, [Symbol.asyncDispose]: close };
  }

  async close(): Promise<void> {
    this.#members.clear();
    await this.#lanes.close();
  }

  async #handle(message: HeldMessage, attempt: number): Promise<void> {
    const member = this.#freeMember();
    if (!member) throw new Error('A message was started although no member is free.');
    // Started a turn later, so that a handler never runs inside `publish`.
    const run = Promise.resolve().then(() => member.handler({ ...message, topic: this.#topic, attempt }));
    member.running.add(run);
    try {
      await run;
    } finally {
      member.running.delete(run);
    }
  }

  /** The member with the fewest messages in hand, if one has room. */
  #freeMember(): Member | undefined {
    let best: Member | undefined;
    for (const member of this.#members) {
      if (member.running.size < member.concurrency && (!best || member.running.size < best.running.size)) best = member;
    }
    return best;
  }
}
