import type { SyncPosition } from '@loomgraph/core';
import type { EventEnvelope } from '@loomgraph/events';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { appendEvent } from './outbox/append-event.js';
import { OutboxRow } from './outbox/row.js';
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
        position = positionOf(em);
        return answer;
      });
      onCommit();
      if (position) reportWritten(position);
      return result;
    },
  };
}

/** From the first to the last change that this transaction put into the outbox; undefined where it put none. Events have no readers to wait. */
function positionOf(em: EntityManager): SyncPosition | undefined {
  let first = Infinity;
  let last = 0;
  for (const { kind, id } of em.getUnitOfWork().getIdentityMap().getStore(OutboxRow.meta).values()) {
    if (kind !== 'c') continue;
    first = Math.min(first, Number(id));
    last = Math.max(last, Number(id));
  }
  return last > 0 ? [first, last] : undefined;
}
