import type { SyncPosition } from '@loomgraph/core';
import type { EventEnvelope } from '@loomgraph/events';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { appendEvent } from './outbox/append-event.js';
import { writeOutbox } from './outbox/write-outbox.js';
import { reportWritten } from './token/written.js';

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

/** `onCommit` is told of every commit; it only wakes the relay, so it may be lost. `recordWrites` hears where each commit stands. */
export function createUnitOfWork(store: RelationalStore, onCommit: () => void): UnitOfWork {
  return {
    async run(work) {
      let position: SyncPosition | undefined;
      const result = await store.transaction(async (em) => {
        const answer = await work({ em, append: (event) => appendEvent(em, event) });
        await em.flush();
        // Set by each attempt, so that the one that commits has the last word.
        position = await writeOutbox(em);
        return answer;
      });
      onCommit();
      if (position) reportWritten(position);
      return result;
    },
  };
}
