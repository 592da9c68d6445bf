import type { RelationalStore } from '@loomgraph/stores/relational';
import type { BreakerState } from './relay/breaker.js';

/** Where one projection stands. Times are milliseconds since the epoch. */
export interface ProjectionStatus {
  readonly name: string;
  /** The record type that feeds it. */
  readonly source: string;
  readonly target: string;
  /** The derivation that serves reads. */
  readonly version: string;
  /** Records whose newest change is not applied yet; one counts once more while its change is not dispatched. */
  readonly lagRecords: number;
  /** Age of the oldest change that is not applied yet, 0 when there is none. */
  readonly lagSeconds: number;
  readonly oldestPendingAt: number | undefined;
  readonly deadLetters: number;
  /** Dead letters somebody gave up; the records stay as they are until they change. */
  readonly discarded: number;
  /** Records brought up to date since the projection was first started. */
  readonly applied: number;
  /** Records that a new version has, while it is built beside the one that serves. */
  readonly building: { readonly version: string; readonly done: number; readonly total: number | undefined } | undefined;
  /** What the audits found in the running cycle, or, before its end, in the last one. */
  readonly audit: AuditStatus | undefined;
  /** Share of the source's records that the target held when it was last audited, 0 to 1. */
  readonly coverage: number | undefined;
  /** Records found different from their record and not repaired yet. */
  readonly drift: number;
  /** Why the target refuses whole batches, while it does. */
  readonly failing:
    | {
        readonly since: number;
        readonly error: string;
        /** What stands before the target: `open` until `nextTryAt`, `half-open` while one batch tries; as the relay that failed last wrote it. */
        readonly breaker: BreakerState;
        readonly nextTryAt: number | undefined;
      }
    | undefined;
}

export interface AuditStatus {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly checked: number;
  readonly missing: number;
  readonly stale: number;
  readonly orphan: number;
  readonly corrupt: number;
  readonly repaired: number;
}

type Count = string | number;

interface ProjectionRow {
  readonly name: string;
  readonly version: string;
  readonly source: string | null;
  readonly target: string | null;
  readonly applied: Count;
  readonly last_error: string | null;
  readonly failing_since: Count | null;
  readonly breaker: BreakerState | null;
  readonly next_try_at: Count | null;
}

interface DeliveryRow {
  readonly projection: string;
  readonly state: string;
  readonly n: Count;
  readonly oldest: Count;
}

interface AuditRow {
  readonly projection: string;
  readonly missing: Count;
  readonly stale: Count;
  readonly orphan: Count;
  readonly corrupt: Count;
  readonly repaired: Count;
  readonly last_cycle: string | null;
}

/** Where each projection of a subgraph stands, from the engine's own tables: any process with the database can ask. */
export async function readStatus(store: RelationalStore, now = Date.now()): Promise<readonly ProjectionStatus[]> {
  const all = <Row>(sql: string): Promise<readonly Row[]> => store.read().execute<Row[]>(sql);
  const [projections, deliveries, waiting, versions, audits] = await Promise.all([
    all<ProjectionRow>(
      `select name, version, source, target, applied, last_error, failing_since, breaker, next_try_at from ${store.table('projection')} order by name`,
    ),
    all<DeliveryRow>(
      `select projection, state, count(*) as n, min(changed_at) as oldest from ${store.table('delivery')} group by projection, state`,
    ),
    all<{ record_type: string; n: Count; oldest: Count }>(
      `select record_type, count(*) as n, min(occurred_at) as oldest from ${store.table('outbox')} where kind = 'c' group by record_type`,
    ),
    all<{ projection: string; version: string; done: Count; total: Count | null }>(
      `select projection, version, done, total from ${store.table('projection_version')} where state = 'building'`,
    ),
    all<AuditRow>(`select projection, missing, stale, orphan, corrupt, repaired, last_cycle from ${store.table('audit')}`),
  ]);
  return projections.map((row): ProjectionStatus => {
    const own = deliveries.filter(({ projection }) => belongsTo(row.name, projection));
    const inState = (state: string): number => own.filter((one) => one.state === state).reduce((sum, one) => sum + Number(one.n), 0);
    const undispatched = waiting.find((one) => one.record_type === row.source);
    const oldest = [...own.filter((one) => one.state === 'pending'), ...(undispatched ? [undispatched] : [])].map((one) =>
      Number(one.oldest),
    );
    const oldestPendingAt = oldest.length > 0 ? Math.min(...oldest) : undefined;
    const building = versions.find((one) => one.projection === row.name);
    const audit = audits.find((one) => one.projection === row.name);
    const last = audit?.last_cycle ? (JSON.parse(audit.last_cycle) as AuditStatus) : undefined; // written by the auditor
    return {
      name: row.name,
      source: row.source ?? '',
      target: row.target ?? '',
      version: row.version,
      lagRecords: inState('pending') + Number(undispatched?.n ?? 0),
      lagSeconds: oldestPendingAt === undefined ? 0 : Math.max(0, now - oldestPendingAt) / 1000,
      oldestPendingAt,
      deadLetters: inState('dead'),
      discarded: inState('discarded'),
      applied: Number(row.applied),
      building: building && {
        version: building.version,
        done: Number(building.done),
        total: building.total === null ? undefined : Number(building.total),
      },
      audit: last,
      coverage: last && (last.checked > 0 ? Math.max(0, last.checked - last.missing) / last.checked : 1),
      drift: audit ? unrepaired(audit) : 0,
      failing: row.failing_since === null ? undefined : toFailing(row.failing_since, row),
    };
  });
}

function toFailing(since: Count, row: ProjectionRow): ProjectionStatus['failing'] {
  return {
    since: Number(since),
    error: row.last_error ?? '',
    breaker: row.breaker ?? 'open',
    nextTryAt: row.next_try_at === null ? undefined : Number(row.next_try_at),
  };
}

/** Whether nothing is owed to any projection and no event waits; dead letters do not count. */
export async function isQuiet(store: RelationalStore): Promise<boolean> {
  const [row] = await store
    .read()
    .execute<{ n: Count }[]>(
      `select (select count(*) from ${store.table('outbox')}) + (select count(*) from ${store.table('delivery')} where state = 'pending') as n`,
    );
  return Number(row?.n ?? 0) === 0;
}

/** A projection's own deliveries, those of a version that is built (`name@…`) and those that look for dependents (`name<-…`). */
function belongsTo(projection: string, delivery: string): boolean {
  return delivery === projection || delivery.startsWith(`${projection}@`) || delivery.startsWith(`${projection}<-`);
}

function unrepaired({ missing, stale, orphan, corrupt, repaired }: AuditRow): number {
  return Math.max(0, Number(missing) + Number(stale) + Number(orphan) + Number(corrupt) - Number(repaired));
}
