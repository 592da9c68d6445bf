import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs, onConflict } from '../dialect.js';
import { buildName } from './version-key.js';

/** `building`: filled beside the one that serves reads. `live`: serves reads. `retired`: nobody writes it any more; its storage goes after a grace. */
export type VersionState = 'building' | 'live' | 'retired';

export interface VersionRow {
  readonly projection: string;
  readonly version: string;
  readonly state: VersionState;
  readonly done: number;
  /** Records it is to hold; undefined while they are still made due. */
  readonly total: number | undefined;
  /** On the database's clock, in ms. */
  readonly changedAt: number;
}

interface Row {
  readonly projection: string;
  readonly version: string;
  readonly state: VersionState;
  readonly done: string | number;
  readonly total: string | number | null;
  readonly changed_at: string | number;
}

/** The versions of a projection, or of all. */
export async function readVersions(store: RelationalStore, projection?: string): Promise<readonly VersionRow[]> {
  const rows = await store
    .read()
    .execute<Row[]>(
      `select projection, version, state, done, total, changed_at from ${store.table('projection_version')} ${projection === undefined ? '' : 'where projection = ?'}`,
      projection === undefined ? [] : [projection],
    );
  return rows.map((row) => ({
    projection: row.projection,
    version: row.version,
    state: row.state,
    done: Number(row.done),
    total: row.total === null ? undefined : Number(row.total),
    changedAt: Number(row.changed_at),
  }));
}

/**
 * The names of deliveries that a change owes beside each projection's own: one per version that is built. To be asked in the transaction that writes
 * the deliveries: a version's records are enqueued after it was registered, so a change that does not see it here was committed before and is
 * enqueued with the rest.
 */
export async function buildsUnderWay(store: RelationalStore, em: EntityManager): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await em.execute<{ projection: string; version: string }[]>(
    `select projection, version from ${store.table('projection_version')} where state = 'building'`,
  );
  const byProjection = Map.groupBy(rows, (row) => row.projection);
  return new Map([...byProjection].map(([name, versions]) => [name, versions.map(({ version }) => buildName(name, version))]));
}

export async function putVersion(
  store: RelationalStore,
  em: EntityManager,
  { projection, version, state }: Pick<VersionRow, 'projection' | 'version' | 'state'>,
): Promise<void> {
  const now = nowMs(store.dialect);
  await em.execute(
    `insert into ${store.table('projection_version')} (projection, version, state, done, total, started_at, changed_at)
     values (?, ?, ?, 0, null, ${now}, ${now})
     ${onConflict(store.dialect, ['projection', 'version'], (incoming) => [
       `state = ${incoming('state')}`,
       'done = 0',
       'total = null',
       `started_at = ${incoming('started_at')}`,
       `changed_at = ${incoming('changed_at')}`,
     ])}`,
    [projection, version, state],
    'run',
  );
}

export async function setState(
  store: RelationalStore,
  em: EntityManager,
  { projection, version, state }: Pick<VersionRow, 'projection' | 'version' | 'state'>,
): Promise<void> {
  await em.execute(
    `update ${store.table('projection_version')} set state = ?, changed_at = ${nowMs(store.dialect)} where projection = ? and version = ?`,
    [state, projection, version],
    'run',
  );
}

/** How far a version is filled. */
export async function setCoverage(
  store: RelationalStore,
  { projection, version }: Pick<VersionRow, 'projection' | 'version'>,
  { done, total }: { readonly done: number; readonly total: number },
): Promise<void> {
  await store.transaction((em) =>
    em.execute(
      `update ${store.table('projection_version')} set done = ?, total = ? where projection = ? and version = ?`,
      [done, total, projection, version],
      'run',
    ),
  );
}

/** Makes a version the one that serves reads: claims and readers go by this row. Locks it, so a claim is before the change or after it. */
export async function setLive(store: RelationalStore, em: EntityManager, projection: string, version: string): Promise<void> {
  await em.execute(
    `update ${store.table('projection')} set version = ?, updated_at = ${nowMs(store.dialect)} where name = ?`,
    [version, projection],
    'run',
  );
}
