import { assertNever } from '@loomgraph/core';
import { EventError } from '@loomgraph/events';
import type { Bus, DeliveredMessage, Subscription } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger } from '@loomgraph/telemetry';
import { exponential, jitter } from '../projection/policy.js';
import type { Faults } from '../relay/faults.js';
import { applyEvent } from './apply-event.js';
import { CarefulAttempts } from './careful-attempts.js';
import type { ConsumerTally } from './consumer-tally.js';
import { keepMessage, type DeadEventState, type KeptMessage } from './dead-event-row.js';
import type { Consumer } from './define-consumer.js';
import { BehindParked, ComeAgain, isOwnFailure } from './failure.js';
import { createPosition, groupOf, readPosition, sinceOf, type ConsumerPosition } from './generations.js';
import { compose, type EventMiddleware } from './middleware.js';
import { readPutAside } from './put-aside-rows.js';
import { chargeAttempt, park } from './put-aside.js';

export interface ConsumptionParts {
  readonly consumer: Consumer;
  readonly store: RelationalStore;
  readonly bus: Bus;
  readonly tally: ConsumerTally;
  /** Outermost first. */
  readonly middleware: readonly EventMiddleware[];
  readonly faults: Faults;
  readonly logger: Logger;
  /** How far clocks of different machines may be apart. */
  readonly clockSkewMs: number;
}

/** What one try came to. */
interface Tried {
  /** `waits`: it is left where it is; `later`: so are all others, because a store is away. */
  readonly outcome: 'done' | 'waits' | 'later';
  readonly waitMs: number;
  readonly error?: unknown;
}

const DONE: Tried = { outcome: 'done', waitMs: 0 };
const WAITS: Tried = { outcome: 'waits', waitMs: 0 };

/** Where an event came from: the bus (it is `failing` while attempts are left), or the dead events. */
interface Origin {
  readonly state: Exclude<DeadEventState, 'dead'>;
  readonly takenUpAt?: number;
}

const troubleBackoff = exponential(250, 30_000);
/** What waits longer for its next attempt does so in the table, its key behind it: the bus goes on, and need not hold what follows. */
const PUT_ASIDE_MS = 2_000;
/** Pages of what was put aside, in one go. */
const TAKE_UP_PAGES = 50;
/** Until then the subscription to the former group is closed. */
const SUPERSEDED_MS = 500;

/**
 * One consumer in one process.
 *
 * An event of the bus is *skipped* (no handler), *parked* (a newer version, or behind one of its key that is), *dead* (malformed, or the last attempt
 * failed) or *applied*; all of these are acknowledged. Only what failed, and may succeed later, comes again.
 */
export class Consumption {
  readonly #parts: ConsumptionParts;
  #position: ConsumerPosition | undefined;
  #subscription: Subscription | undefined;
  #moving: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** Failures in a row that were a store's. */
  #troubles = 0;
  #takeUpAfter = 0;
  readonly #care: CarefulAttempts;

  constructor(parts: ConsumptionParts) {
    this.#parts = parts;
    this.#care = new CarefulAttempts(parts);
  }

  get consumer(): Consumer {
    return this.#parts.consumer;
  }

  /** The group that is read now. */
  get group(): string {
    return groupOf(this.consumer.name, this.#position?.generation ?? 1);
  }

  async start(): Promise<void> {
    const { consumer, store, tally } = this.#parts;
    await createPosition(store, consumer.name);
    await tally.register();
    // Before the group goes on: what it lost while nobody read is known until then.
    this.#position = await readPosition(store.read(), store, consumer.name);
    await this.observe();
    await this.follow();
  }

  /** Reads the group of the generation that counts, if another process began a new one; and subscribes again where that failed. */
  follow(): Promise<void> {
    const moved = this.#moving.then(() => this.#move());
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  async observe(): Promise<void> {
    const { bus, consumer, tally } = this.#parts;
    const [lag, lost] = await Promise.all([bus.lag(consumer.topic, this.group), bus.takeLost(consumer.topic, this.group)]);
    tally.observe({ lag, lost });
    if (lost > 0) this.#parts.logger.error('A topic gave events up before a consumer had them.', { consumer: consumer.name, lost });
  }

  /** Applies what was put aside and can be applied now, in order per key. */
  async takeUp(): Promise<void> {
    for (let page = 0; page < TAKE_UP_PAGES && !this.#isClosed; page += 1) if (!(await this.#takeUpPage())) return;
  }

  /** @returns whether the next page is worth a look */
  async #takeUpPage(): Promise<boolean> {
    const { consumer, store } = this.#parts;
    const position = this.#position;
    if (!position) return false;
    const rows = await readPutAside(store, consumer.name, this.#takeUpAfter);
    this.#takeUpAfter = rows.isLast ? 0 : rows.next;
    const waiting = new Set<string>();
    for (const { message, state, position: takenUpAt, attempts, failedAt } of rows.page) {
      if (this.#isClosed) return false;
      const isDue = attempts === 0 || failedAt + consumer.policy.backoff(attempts) <= rows.now;
      const tried = isDue && !waiting.has(message.key) ? await this.#try(message, position, { state, takenUpAt }) : WAITS;
      if (tried.outcome === 'later') return false;
      if (tried.outcome === 'waits') waiting.add(message.key);
    }
    return !rows.isLast;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#moving;
    await this.#subscription?.close();
  }

  async #move(): Promise<void> {
    const { consumer, store, bus, clockSkewMs } = this.#parts;
    if (this.#isClosed) return;
    const position = await readPosition(store.read(), store, consumer.name);
    if (this.#subscription && position.generation === this.#position?.generation) return;
    await this.#subscription?.close();
    this.#subscription = undefined;
    this.#position = position;
    this.#subscription = await bus.subscribe({
      topic: consumer.topic,
      group: this.group,
      from:
        position.generation === 1
          ? consumer.from
          : { sinceMs: Math.max(0, sinceOf(position) - clockSkewMs), notAfter: groupOf(consumer.name, position.generation - 1) },
      concurrency: consumer.policy.concurrency,
      handler: (message) => this.#handle(message, position),
    });
  }

  /** @throws ComeAgain for what is to be delivered again */
  async #handle(message: DeliveredMessage, position: ConsumerPosition): Promise<void> {
    const { consumer, tally, faults } = this.#parts;
    await faults('consume.received');
    if (!consumer.handles(message.headers['type'] ?? '')) return tally.count('skipped', message);
    const tried = await this.#try(message, position, { state: 'failing' });
    if (tried.outcome !== 'done') throw new ComeAgain(tried.waitMs, tried.error);
  }

  async #try(message: DeliveredMessage, position: ConsumerPosition, from: Origin): Promise<Tried> {
    try {
      return await this.#tryOrThrow(message, position, from);
    } catch (error) {
      // Nothing is known of the event that could be kept: the store that would keep it is away.
      this.#troubles += 1;
      this.#parts.tally.count('trouble', message, error);
      return { outcome: 'later', waitMs: jitter(troubleBackoff(this.#troubles)), error };
    }
  }

  async #tryOrThrow(message: DeliveredMessage, position: ConsumerPosition, from: Origin): Promise<Tried> {
    const { consumer, store, middleware, faults } = this.#parts;
    const { topic, attempt, publishedAt } = message;
    const kept = keepMessage(message);
    let event;
    try {
      event = consumer.decode(message);
    } catch (error) {
      const isNewer = error instanceof EventError && error.kind === 'newer-version';
      return isNewer ? await this.#park(message, kept, from, error) : await this.#charge(message, kept, from, { error, maxAttempts: 1 });
    }
    let hasHandlerBegun = false;
    const onHandler = (): void => {
      hasHandlerBegun = true;
    };
    const context = {
      store,
      consumer,
      position,
      kept,
      faults,
      onHandler,
      ...(from.takenUpAt === undefined ? {} : { takenUpAt: from.takenUpAt }),
    };
    const run = compose(middleware, (consumed) => applyEvent(context, consumed));
    let outcome;
    try {
      const apply = () => run({ event, consumer: consumer.name, topic, attempt, publishedAt });
      outcome = await this.#care.make({ kept, attempt, state: from.state }, apply);
      if (outcome === 'dead') return this.#bury(message, kept, new Error('Each process that applied it ended.'));
    } catch (error) {
      if (!(await isOwnFailure(error, store, hasHandlerBegun))) {
        await this.#care.takeBack(kept.eventId).catch(() => undefined); // it stays noted there: this process does not charge it again
        throw error;
      }
      return await this.#charge(message, kept, from, { error, maxAttempts: consumer.policy.maxAttempts });
    }
    this.#troubles = 0;
    switch (outcome) {
      case 'applied':
      case 'duplicate':
        this.#parts.tally.count(outcome, message);
        return DONE;
      case 'behind':
        return await this.#park(message, kept, from, new BehindParked(`An earlier event of ${kept.key} is parked.`));
      case 'settled':
        return DONE;
      case 'superseded':
        void this.follow().catch(() => undefined); // the host's next look tries again
        return { outcome: 'later', waitMs: SUPERSEDED_MS, error: new Error(`${consumer.name} starts over in another group.`) };
      default:
        return assertNever(outcome);
    }
  }

  async #park(message: DeliveredMessage, kept: KeptMessage, from: Origin, reason: unknown): Promise<Tried> {
    const { consumer, store, tally } = this.#parts;
    if (from.takenUpAt !== undefined) return WAITS;
    await park(store, consumer.name, kept, reason);
    tally.count('parked', message);
    return DONE;
  }

  async #charge(
    message: DeliveredMessage,
    kept: KeptMessage,
    from: Origin,
    { error, maxAttempts }: { readonly error: unknown; readonly maxAttempts: number },
  ): Promise<Tried> {
    const { consumer, store, tally } = this.#parts;
    const { backoff } = consumer.policy;
    const stateAfter = (attempts: number) => (from.state === 'failing' && backoff(attempts) > PUT_ASIDE_MS ? 'parked' : from.state);
    const isBegun = this.#care.isBegun(kept.eventId);
    const charged = await chargeAttempt(store, { consumer: consumer.name, message: kept, error, maxAttempts, stateAfter, isBegun });
    this.#care.ended(kept.eventId);
    if (charged.state === 'dead') return this.#bury(message, kept, error);
    tally.count('failed', message, error);
    return charged.state === from.state ? { outcome: 'waits', waitMs: jitter(backoff(charged.attempts)), error } : DONE;
  }

  #bury(message: DeliveredMessage, { eventId, type, key }: KeptMessage, error: unknown): Tried {
    const { consumer, tally, logger } = this.#parts;
    tally.count('dead', message, error);
    logger.error('An event is dead: it waits for a decision.', { consumer: consumer.name, eventId, type, key, error });
    return DONE;
  }
}
