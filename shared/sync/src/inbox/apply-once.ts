import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { enterInbox } from './enter-inbox.js';

/**
 * Runs `work` in one transaction with a row that says this consumer has applied this event; answers false, without running it, when it has.
 * Effects outside the transaction are not covered.
 */
export async function applyOnce(
  store: RelationalStore,
  consumer: string,
  eventId: string,
  work: (em: EntityManager) => Promise<void>,
): Promise<boolean> {
  return store.transaction(async (em) => {
    if (!(await enterInbox(em, store, consumer, eventId))) return false;
    await work(em);
    return true;
  });
}
