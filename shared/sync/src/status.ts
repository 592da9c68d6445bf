import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Projection } from './projection/define-projection.js';

export interface ProjectionStatus {
  readonly name: string;
  readonly target: string;
  /** Records whose newest change is not applied yet. */
  readonly lagRecords: number;
  /** Age of the oldest change that is not applied yet, 0 when there is none. */
  readonly lagSeconds: number;
  readonly deadLetters: number;
}

interface CountRow {
  projection: string;
  state: string;
  n: string | number;
  oldest: string | number;
}

/** Where each projection stands, from the outbox and the deliveries, in two statements. */
export async function readStatus(
  store: RelationalStore,
  projections: readonly Projection[],
  now = Date.now(),
): Promise<ProjectionStatus[]> {
  const em = store.read();
  const deliveries = await em.execute<CountRow[]>(
    `select projection, state, count(*) as n, min(changed_at) as oldest from ${store.table('delivery')} group by projection, state`,
  );
  const outbox = await em.execute<{ record_type: string; n: string | number; oldest: string | number }[]>(
    `select record_type, count(*) as n, min(occurred_at) as oldest from ${store.table('outbox')} where kind = 'c' group by record_type`,
  );
  return projections.map((projection) => {
    const pending = deliveries.find((row) => row.projection === projection.name && row.state === 'pending');
    const dead = deliveries.find((row) => row.projection === projection.name && row.state === 'dead');
    const waiting = outbox.find((row) => row.record_type === projection.source);
    const oldest = Math.min(Number(pending?.oldest ?? now), Number(waiting?.oldest ?? now));
    return {
      name: projection.name,
      target: projection.definition.target.kind,
      lagRecords: Number(pending?.n ?? 0) + Number(waiting?.n ?? 0),
      lagSeconds: Math.max(0, now - oldest) / 1000,
      deadLetters: Number(dead?.n ?? 0),
    };
  });
}

/** Whether nothing is owed to any projection and no event waits; dead letters do not count. */
export async function isQuiet(store: RelationalStore): Promise<boolean> {
  const [row] = await store
    .read()
    .execute<{ n: string | number }[]>(
      `select (select count(*) from ${store.table('outbox')}) + (select count(*) from ${store.table('delivery')} where state = 'pending') as n`,
    );
  return Number(row?.n ?? 0) === 0;
}
