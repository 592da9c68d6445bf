import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs, onConflict, placeholders } from '../dialect.js';
import type { Projection } from '../projection/define-projection.js';
import type { RecordType } from '../record.js';
import { upsertDelivery } from './dispatch.js';

/** Deliveries that no live change asked for sort behind all that one did, so a rebuild never holds up a reader's wait. */
const BEHIND_LIVE = Number.MAX_SAFE_INTEGER;
const PAGE = 1_000;

/** Makes every record of the projection's source due again, in pages by key. @returns how many. */
export async function enqueueAll(store: RelationalStore, projection: Projection, record: RecordType, now = Date.now()): Promise<number> {
  const { key, revision } = record;
  let after: string | undefined;
  let total = 0;
  for (;;) {
    const where = after === undefined ? {} : { [key]: { $gt: after } };
    const rows = (await store.read().find(record.entity as never, where, {
      fields: [key, revision] as never,
      orderBy: { [key]: 'asc' } as never,
      limit: PAGE,
      disableIdentityMap: true,
    })) as unknown as Record<string, unknown>[];
    if (rows.length === 0) return total;
    await store.transaction((em) =>
      em.execute(
        `insert into ${store.table('delivery')} (projection, record_type, record_id, revision, deleted, first_outbox_id, changed_at,
           touches, state, attempts, available_at, lease_until)
         values ${placeholders(rows.length, 12)} ${upsertDelivery(store)}`,
        rows.flatMap((row) => [
          projection.name,
          projection.source,
          String(row[key]),
          Number(row[revision]),
          false,
          BEHIND_LIVE,
          now,
          1,
          'pending',
          0,
          0,
          0,
        ]),
        'run',
      ),
    );
    total += rows.length;
    after = String(rows.at(-1)?.[key]);
  }
}

/**
 * Compares each projection's version with the one that was last delivered and makes all its records due where it differs: a new projection is
 * backfilled, a changed one rebuilt in place.
 */
export async function enqueueChangedProjections(
  store: RelationalStore,
  projections: readonly Projection[],
  records: readonly RecordType[],
): Promise<{ name: string; records: number }[]> {
  const table = store.table('projection');
  const known = new Map(
    (await store.read().execute<{ name: string; version: string }[]>(`select name, version from ${table}`)).map((row) => [
      row.name,
      row.version,
    ]),
  );
  const enqueued: { name: string; records: number }[] = [];
  for (const projection of projections) {
    if (known.get(projection.name) === projection.versionKey) continue;
    const record = records.find((one) => one.type === projection.source);
    if (!record) throw new Error(`Projection ${projection.name} is fed by ${projection.source}, which is no record type of this subgraph.`);
    enqueued.push({ name: projection.name, records: await enqueueAll(store, projection, record) });
    // Written last: a crash before this line enqueues again, which harms nothing.
    await store.transaction((em) =>
      em.execute(
        `insert into ${table} (name, version, updated_at) values (?, ?, ${nowMs(store.dialect)})
         ${onConflict(store.dialect, ['name'], (incoming) => [`version = ${incoming('version')}`, `updated_at = ${incoming('updated_at')}`])}`,
        [projection.name, projection.versionKey],
        'run',
      ),
    );
  }
  return enqueued;
}
