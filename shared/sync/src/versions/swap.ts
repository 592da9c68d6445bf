import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs } from '../dialect.js';
import type { Projection } from '../projection/define-projection.js';
import { BEHIND_LIVE, enqueueDeliveries, type NewDelivery } from '../relay/deliveries.js';
import { setLive, setState } from './registry.js';
import { buildName } from './version-key.js';

/** Changes that may be on their way to a version when it is swapped in: they are moved in the same transaction. */
export const MOST_CHANGES_AT_SWAP = 1_000;

/**
 * Makes a complete version the one that serves reads, in one transaction, once it is filled; what changed lately may still be on its way to it.
 *
 * Why no change is lost: each change that was dispatched while the version was registered made it due in both. What this version is still owed is
 * owed to the projection from now on, though the earlier version may have it. What a worker of that one has in its hands was due here too. And
 * what is dispatched later is claimed by a worker that sees the new version, since claims lock the same row.
 * What became a dead letter is tried again in the new storage, that of the earlier version too.
 * @returns whether it was swapped; not, when too much is owed or another process has changed the registry
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
    const owed = await em.execute<OwedRow[]>(
      `select projection, record_type, record_id, revision, deleted, first_outbox_id, last_outbox_id, changed_at, forced, state from ${delivery}
       where projection = ? or projection like ? limit ${2 * MOST_CHANGES_AT_SWAP}`,
      [own, `${own}<-%`],
    );
    if (owed.length === 2 * MOST_CHANGES_AT_SWAP || owed.some(isUnfilled)) return false;
    await setState(store, em, { projection: name, version: live.version, state: 'retired' });
    await setState(store, em, { projection: name, version: versionKey, state: 'live' });
    await setLive(store, em, name, versionKey);
    await em.execute(
      `update ${delivery} set state = 'pending', attempts = 0, available_at = 0 where projection = ? and state = 'dead'`,
      [name],
      'run',
    );
    await enqueueDeliveries(
      store,
      em,
      owed.map((one) => toDelivery(one, name + one.projection.slice(own.length))),
    );
    await em.execute(`delete from ${delivery} where projection = ? or projection like ?`, [own, `${own}<-%`], 'run');
    for (const dependent of dependents) await requestRebuild(store, em, dependent);
    return true;
  });
}

type Transaction = Parameters<Parameters<RelationalStore['transaction']>[0]>[0];

interface OwedRow {
  readonly projection: string;
  readonly record_type: string;
  readonly record_id: string;
  readonly revision: string | number;
  readonly deleted: boolean | number;
  readonly first_outbox_id: string | number;
  readonly last_outbox_id: string | number;
  readonly changed_at: string | number;
  readonly forced: number;
  readonly state: string;
}

const isUnfilled = (row: OwedRow): boolean => row.state === 'pending' && Number(row.first_outbox_id) === BEHIND_LIVE;

function toDelivery(row: OwedRow, projection: string): NewDelivery {
  return {
    projection,
    recordType: row.record_type,
    recordId: row.record_id,
    revision: Number(row.revision),
    deleted: Boolean(row.deleted),
    firstOutboxId: Number(row.first_outbox_id),
    lastOutboxId: Number(row.last_outbox_id),
    changedAt: Number(row.changed_at),
    forced: row.forced === 1,
  };
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
