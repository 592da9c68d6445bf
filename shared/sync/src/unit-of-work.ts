import type { EventEnvelope } from '@loomgraph/events';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { appendEvent } from './outbox/append-event.js';

/** A running transaction: entities through `em`, domain events through `append`; both commit together. */
export interface Transaction {
  readonly em: EntityManager;
  append(event: EventEnvelope): void;
}

/** The only way to write to a system of record. */
export interface UnitOfWork {
  /** Runs `work` in one transaction; it may run again after a deadlock, so it must have no effect outside. */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** `onCommit` is told of every commit; it only wakes the relay, so it may be lost. */
export function createUnitOfWork(store: RelationalStore, onCommit: () => void): UnitOfWork {
  return {
    async run(work) {
      const result = await store.transaction(async (em) => {
        const answer = await work({ em, append: (event) => appendEvent(em, event) });
        await em.flush();
        return answer;
      });
      onCommit();
      return result;
    },
  };
}
