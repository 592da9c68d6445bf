import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs } from '../dialect.js';

/**
 * Notes, in the running transaction, that a consumer applies an event; false when it has. While another transaction is at the same event, this
 * waits for what becomes of it.
 */
export async function enterInbox(em: EntityManager, store: RelationalStore, consumer: string, eventId: string): Promise<boolean> {
  const ignore =
    store.dialect === 'postgresql' ? { verb: 'insert', clause: 'on conflict do nothing' } : { verb: 'insert ignore', clause: '' };
  const result = await em.execute<{ affectedRows: number }>(
    `${ignore.verb} into ${store.table('inbox')} (consumer, event_id, applied_at) values (?, ?, ${nowMs(store.dialect)}) ${ignore.clause}`,
    [consumer, eventId],
    'run',
  );
  return result.affectedRows > 0;
}
