import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs } from '../dialect.js';

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
    const ignore =
      store.dialect === 'postgresql' ? { verb: 'insert', clause: 'on conflict do nothing' } : { verb: 'insert ignore', clause: '' };
    const result = await em.execute<{ affectedRows: number }>(
      `${ignore.verb} into ${store.table('inbox')} (consumer, event_id, applied_at) values (?, ?, ${nowMs(store.dialect)}) ${ignore.clause}`,
      [consumer, eventId],
      'run',
    );
    if (result.affectedRows === 0) return false;
    await work(em);
    return true;
  });
}
