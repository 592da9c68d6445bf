import type { RelationalStore } from '@loomgraph/stores/relational';
import type { DeadEventState, KeptMessage } from './dead-event-row.js';
import type { Consumer } from './define-consumer.js';
import type { EventOutcome } from './middleware.js';
import { beginAttempt, takeBackAttempt, wasNeverEnded } from './put-aside.js';
import { Solitude } from './solitude.js';

/** Events that a process which has just started takes with care: one of them may be why another process ended. */
const CAREFUL_WITH = 100;

export interface CarefulAttempt {
  readonly kept: KeptMessage;
  /** Of the delivery, from 1. */
  readonly attempt: number;
  readonly state: Exclude<DeadEventState, 'dead'>;
}

/**
 * Makes attempts to apply events. One that ends the process cannot be charged by it afterwards, so those that may be such a one (it was delivered
 * before, or this process has just started) are charged before they are tried. One that was under way when a process ended is tried alone the
 * next time: its neighbours are cleared, and it is dead when its attempts are used up.
 */
export class CarefulAttempts {
  readonly #store: RelationalStore;
  readonly #consumer: Consumer;
  readonly #solitude = new Solitude();
  /** Events whose attempt is charged and not over; an attempt that a store interrupts is charged once while this process lives. */
  readonly #begun = new Set<string>();
  #tried = 0;

  constructor({ store, consumer }: { readonly store: RelationalStore; readonly consumer: Consumer }) {
    this.#store = store;
    this.#consumer = consumer;
  }

  /** @returns what `apply` answers; `dead` when the attempts are used up, and it was not asked */
  async make({ kept, attempt, state }: CarefulAttempt, apply: () => Promise<EventOutcome>): Promise<EventOutcome | 'dead'> {
    const { eventId } = kept;
    const isSuspect = attempt > 1 || state !== 'failing' || this.#tried < CAREFUL_WITH;
    this.#tried += 1;
    if (!isSuspect || this.#begun.has(eventId)) return this.#solitude.beside(apply);
    const { name, policy } = this.#consumer;
    const charged = async (): Promise<EventOutcome | 'dead'> => {
      const isDead = await beginAttempt(this.#store, { consumer: name, message: kept, maxAttempts: policy.maxAttempts, state });
      if (isDead) return 'dead';
      this.#begun.add(eventId);
      const outcome = await apply();
      if (outcome === 'superseded') await this.takeBack(eventId);
      else this.ended(eventId);
      return outcome;
    };
    return (await wasNeverEnded(this.#store, name, eventId)) ? this.#solitude.alone(charged) : this.#solitude.beside(charged);
  }

  isBegun(eventId: string): boolean {
    return this.#begun.has(eventId);
  }

  /** What became of the attempt is noted elsewhere. */
  ended(eventId: string): void {
    this.#begun.delete(eventId);
  }

  /** The attempt came to nothing, and the process lives: it is not charged. */
  async takeBack(eventId: string): Promise<void> {
    if (!this.#begun.has(eventId)) return;
    await takeBackAttempt(this.#store, this.#consumer.name, eventId);
    this.#begun.delete(eventId);
  }
}
