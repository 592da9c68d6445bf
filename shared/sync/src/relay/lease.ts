import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs, onConflict } from '../dialect.js';

/** Takes or renews a named lease; false while another owner holds it. */
export async function takeLease(store: RelationalStore, name: string, owner: string, leaseMs: number): Promise<boolean> {
  const lease = store.table('lease');
  const now = nowMs(store.dialect);
  return store.transaction(async (em) => {
    await em.execute(
      `insert into ${lease} (name, owner, until) values (?, ?, 0) ${onConflict(store.dialect, ['name'], () => [`name = ${store.dialect === 'postgresql' ? 'excluded.name' : 'values(name)'}`])}`,
      [name, owner],
      'run',
    );
    await em.execute(
      `update ${lease} set owner = ?, until = ${now} + ? where name = ? and (owner = ? or until <= ${now})`,
      [owner, leaseMs, name, owner],
      'run',
    );
    const [row] = await em.execute<{ owner: string }[]>(`select owner from ${lease} where name = ?`, [name]);
    return row?.owner === owner;
  });
}

/** Frees what a process that is gone held. Only for a database that nobody else has open. */
export async function freeAllLeases(store: RelationalStore): Promise<void> {
  await store.transaction(async (em) => {
    await em.execute(`update ${store.table('delivery')} set lease_owner = null, lease_until = 0 where lease_until > 0`, [], 'run');
    await em.execute(`update ${store.table('lease')} set until = 0`, [], 'run');
  });
}

/** Gives a lease back, so that another relay need not wait for its end. */
export async function dropLease(store: RelationalStore, name: string, owner: string): Promise<void> {
  await store.transaction((em) =>
    em.execute(`update ${store.table('lease')} set until = 0 where name = ? and owner = ?`, [name, owner], 'run'),
  );
}
