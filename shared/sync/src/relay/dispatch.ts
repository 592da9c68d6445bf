import type { RelationalStore } from '@loomgraph/stores/relational';
import { enqueueDeliveries } from './deliveries.js';
import { noFaults, type Faults } from './faults.js';
import { buildsUnderWay } from '../versions/registry.js';
import { removeOutboxRows } from '../outbox/remove-rows.js';

const DISPATCH_BATCH = 500;

/** Where changes of a record type go: to a projection, or to the search for a projection's dependents. */
export interface Route {
  readonly name: string;
  readonly source: string;
}

interface ChangeRow {
  readonly id: string | number;
  readonly record_type: string;
  readonly record_id: string;
  readonly revision: string | number;
  readonly deleted: boolean | number;
  readonly occurred_at: string | number;
}

interface Collapsed {
  recordType: string;
  recordId: string;
  revision: number;
  deleted: boolean;
  firstOutboxId: number;
  lastOutboxId: number;
  changedAt: number;
}

/**
 * Moves a batch of change rows from the outbox to one delivery row per route and record, in one transaction. Many changes of a record
 * collapse into one delivery: a projection is state-based. Rows are taken with SKIP LOCKED and removed, never "after the last id seen":
 * ids commit out of order.
 * @returns the routes that have something to deliver now; undefined when there was nothing to dispatch
 */
export async function dispatch(
  store: RelationalStore,
  routes: readonly Route[],
  faults: Faults = noFaults,
): Promise<ReadonlySet<string> | undefined> {
  const due = await store.transaction(async (em) => {
    const rows = await em.execute<ChangeRow[]>(
      `select id, record_type, record_id, revision, deleted, occurred_at from ${store.table('outbox')}
       where kind = 'c' order by id limit ${DISPATCH_BATCH} for update skip locked`,
    );
    if (rows.length === 0) return undefined;
    await faults('dispatch.read');
    const all = withBuilds(routes, await buildsUnderWay(store, em));
    const deliveries = collapse(rows).flatMap((record) =>
      all.filter((route) => route.source === record.recordType).map((route) => ({ projection: route.name, ...record })),
    );
    await enqueueDeliveries(store, em, deliveries);
    await faults('dispatch.inserted');
    const removal = removeOutboxRows(store, rows);
    await em.execute(removal.sql, removal.parameters, 'run');
    return new Set(deliveries.map((delivery) => delivery.projection));
  });
  if (due) await faults('dispatch.committed');
  return due;
}

/** Each route once, and the same for each version that is built of its projection. */
function withBuilds(routes: readonly Route[], builds: ReadonlyMap<string, readonly string[]>): readonly Route[] {
  const byName = new Map<string, Route>();
  for (const { name, source } of routes) {
    const [projection = name, ...trigger] = name.split('<-');
    for (const build of [projection, ...(builds.get(projection) ?? [])]) {
      const route = [build, ...trigger].join('<-');
      byName.set(route, { name: route, source });
    }
  }
  return [...byName.values()];
}

/** One entry per record. */
function collapse(rows: readonly ChangeRow[]): Collapsed[] {
  const byRecord = new Map<string, Collapsed>();
  for (const row of rows) {
    const key = `${row.record_type}\n${row.record_id}`;
    const revision = Number(row.revision);
    const known = byRecord.get(key);
    if (!known) {
      byRecord.set(key, {
        recordType: row.record_type,
        recordId: row.record_id,
        revision,
        deleted: Boolean(row.deleted),
        firstOutboxId: Number(row.id),
        lastOutboxId: Number(row.id),
        changedAt: Number(row.occurred_at),
      });
      continue;
    }
    known.lastOutboxId = Number(row.id);
    if (revision >= known.revision) {
      known.revision = revision;
      known.deleted = Boolean(row.deleted);
    }
  }
  return [...byRecord.values()];
}
