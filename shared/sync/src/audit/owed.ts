import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Projection } from '../projection/define-projection.js';
import { BEHIND_LIVE } from '../relay/deliveries.js';

/**
 * Why a record may differ from its document without being drift. `pending`: a change is on its way. `repairing`: it was found and is on its way.
 * `dead`, `discarded`: a dead letter says so already.
 */
export type Owed = 'pending' | 'repairing' | 'dead' | 'discarded';

/**
 * What is on its way to a projection for these records: their own deliveries, changes that are not dispatched yet, and for all of them a change of
 * another record whose dependents are still looked for.
 */
export async function owedTo(
  store: RelationalStore,
  projection: Projection,
  ids: readonly string[],
): Promise<(id: string) => Owed | undefined> {
  if (ids.length === 0) return () => undefined;
  const all = <Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> => store.read().execute<Row[]>(sql, [...parameters]);
  const list = ids.map(() => '?').join(', ');
  // The outbox first: a change that is dispatched between the two statements is seen by the second.
  const undispatched = new Set(
    (
      await all<{ record_id: string }>(
        `select record_id from ${store.table('outbox')} where kind = 'c' and record_type = ? and record_id in (${list})`,
        [projection.source, ...ids],
      )
    ).map((row) => row.record_id),
  );
  const others = projection.triggers.map((trigger) => trigger.on);
  const changedOthers =
    others.length > 0 &&
    (
      await all(
        `select 1 as found from ${store.table('outbox')} where kind = 'c' and record_type in (${others.map(() => '?').join(', ')}) limit 1`,
        others,
      )
    ).length > 0;
  const deliveries = new Map(
    (
      await all<DeliveryRow>(
        `select record_id, state, forced, first_outbox_id from ${store.table('delivery')} where projection = ? and record_type = ? and record_id in (${list})`,
        [projection.name, projection.source, ...ids],
      )
    ).map((row) => [row.record_id, row]),
  );
  const fanOut = changedOthers || (await isOwedAnything(store, projection));
  return (id) => {
    const row = deliveries.get(id);
    if (row?.state === 'discarded') return 'discarded';
    const isRepair = Number(row?.forced) === 1;
    if (row?.state === 'dead') return isRepair ? 'repairing' : 'dead';
    // Of a change that is made due beside a repair or a rebuild nobody knows whether anything but the change is missing.
    if (undispatched.has(id) || fanOut || (row && Number(row.first_outbox_id) !== BEHIND_LIVE)) return 'pending';
    return row && (isRepair ? 'repairing' : 'pending');
  };
}

interface DeliveryRow {
  readonly record_id: string;
  readonly state: string;
  readonly forced: number | string;
  readonly first_outbox_id: number | string;
}

/** Whether dependents are still looked for, or a projection whose documents this one reads is behind. */
async function isOwedAnything(store: RelationalStore, { name, after, triggers }: Projection): Promise<boolean> {
  const names = [...triggers.map((trigger) => `${name}<-${trigger.on}`), ...after];
  if (names.length === 0) return false;
  const rows = await store
    .read()
    .execute<unknown[]>(
      `select 1 as found from ${store.table('delivery')} where state = 'pending' and projection in (${names.map(() => '?').join(', ')}) limit 1`,
      names,
    );
  return rows.length > 0;
}

/** Whether any change is on its way to any projection. */
export async function isBusy(store: RelationalStore): Promise<boolean> {
  const rows = await store
    .read()
    .execute<unknown[]>(
      `(select 1 as found from ${store.table('delivery')} where state = 'pending' limit 1) union all (select 1 from ${store.table('outbox')} where kind = 'c' limit 1)`,
    );
  return rows.length > 0;
}
