import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs } from '../dialect.js';
import type { Projection } from '../projection/define-projection.js';
import { setLive, setState } from './registry.js';
import { buildName } from './version-key.js';

/**
 * Makes a complete version the one that serves reads, in one transaction, once nothing is owed to it.
 *
 * Why no change is lost: each change that was dispatched while the version was registered made it due in both. One that a worker of the earlier version
 * still has in its hands was due here too, and is done, or this would not pass. Whatever is dispatched from now on is claimed by a worker that
 * sees the new version, since claims lock the same row.
 * What became a dead letter is tried again in the new storage, that of the earlier version too.
 * @returns whether it was swapped; not, when something is owed or another process has changed the registry
 */
export async function swap(store: RelationalStore, build: Projection, dependents: readonly string[]): Promise<boolean> {
  const { of: name = build.name, versionKey } = build;
  const delivery = store.table('delivery');
  const own = buildName(name, versionKey);
  return store.transaction(async (em) => {
    const [live] = await em.execute<{ version: string }[]>(`select version from ${store.table('projection')} where name = ? for update`, [
      name,
    ]);
    const [row] = await em.execute<{ state: string }[]>(
      `select state from ${store.table('projection_version')} where projection = ? and version = ? for update`,
      [name, versionKey],
    );
    if (!live || row?.state !== 'building') return false;
    const owed = await em.execute<unknown[]>(`select 1 as found from ${delivery} where projection = ? and state = 'pending' limit 1`, [
      own,
    ]);
    if (owed.length > 0) return false;
    await setState(store, em, { projection: name, version: live.version, state: 'retired' });
    await setState(store, em, { projection: name, version: versionKey, state: 'live' });
    await setLive(store, em, name, versionKey);
    await em.execute(
      `update ${delivery} set state = 'pending', attempts = 0, available_at = 0 where projection = ? and state = 'dead'`,
      [name],
      'run',
    );
    await takeOverDead(store, em, own, name);
    for (const dependent of dependents) await requestRebuild(store, em, dependent);
    return true;
  });
}

type Transaction = Parameters<Parameters<RelationalStore['transaction']>[0]>[0];

/** What the new version could not take is owed to the projection now; where the record is owed already, one row is enough. */
async function takeOverDead(store: RelationalStore, em: Transaction, from: string, to: string): Promise<void> {
  const delivery = store.table('delivery');
  const dead = await em.execute<{ record_id: string }[]>(`select record_id from ${delivery} where projection = ?`, [from]);
  for (const { record_id: id } of dead) {
    const owed = await em.execute<unknown[]>(`select 1 as found from ${delivery} where projection = ? and record_id = ?`, [to, id]);
    await em.execute(
      owed.length > 0
        ? `delete from ${delivery} where projection = ? and record_id = ?`
        : `update ${delivery} set projection = '${to}', state = 'pending', attempts = 0, available_at = 0 where projection = ? and record_id = ?`,
      [from, id],
      'run',
    );
  }
}

/** Whoever reads the documents of this projection (neighbours by vectors, say) derives anew from the new ones; durable, as the swap itself. */
async function requestRebuild(store: RelationalStore, em: Transaction, projection: string): Promise<void> {
  await em.execute(
    `insert into ${store.table('job')} (kind, projection, options, state, done, requested_by, requested_at, cancelled, lease_until)
     values ('rebuild', ?, '{"changedOnly":true}', 'queued', 0, 'swap', ${nowMs(store.dialect)}, ?, 0)`,
    [projection, false],
    'run',
  );
}
