import { createHash } from 'node:crypto';
import { LoomError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';

/** What is kept of an erased user, so that nothing is written of them again: not their id. */
const hashOf = (userId: string): string => createHash('sha256').update(userId).digest('hex');

/** @throws LoomError UNAUTHENTICATED for a user who was erased, whose token may have some seconds left */
export async function assertNotErased(em: EntityManager, store: RelationalStore, userId: string): Promise<void> {
  const erased = await em.execute<unknown[]>(`select 1 as found from ${store.table('erased_user')} where id_hash = ?`, [hashOf(userId)]);
  if (erased.length > 0) throw new LoomError('UNAUTHENTICATED', 'This account was erased.', { details: { reason: 'erased' } });
}

export async function rememberErased(em: EntityManager, store: RelationalStore, userId: string, at: Date): Promise<void> {
  const [insert, clause] = store.dialect === 'postgresql' ? ['insert', 'on conflict do nothing'] : ['insert ignore', ''];
  await em.execute(
    `${insert} into ${store.table('erased_user')} (id_hash, erased_at) values (?, ?) ${clause}`,
    [hashOf(userId), at.getTime()],
    'run',
  );
}
