import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import type { StoredRevocation } from '../domain/ports.js';

/** Keeps a revocation, with the transaction that decided it, so that a process that starts later publishes it again; a later one of the same replaces it. */
export async function insertRevocation(
  em: EntityManager,
  store: RelationalStore,
  { kind, id, at, until }: StoredRevocation,
): Promise<void> {
  const clause =
    store.dialect === 'postgresql'
      ? 'on conflict (kind, id) do update set revoked_at = excluded.revoked_at, revoked_until = excluded.revoked_until'
      : 'on duplicate key update revoked_at = values(revoked_at), revoked_until = values(revoked_until)';
  await em.execute(
    `insert into ${store.table('revocation')} (kind, id, revoked_at, revoked_until) values (?, ?, ?, ?) ${clause}`,
    [kind, id, at, until],
    'run',
  );
}
