import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger } from '@loomgraph/telemetry';
import { makeDue } from '../audit/repair.js';
import { createSourceRecords } from '../audit/source-records.js';
import { walk } from '../audit/walk.js';
import { nowMs } from '../dialect.js';
import type { Projection } from '../projection/define-projection.js';
import type { RecordType } from '../record.js';
import { enqueueAll } from './enqueue-all.js';
import { BEHIND_LIVE } from '../relay/deliveries.js';
import { buildsUnderWay, readVersions, setCoverage, type VersionRow } from './registry.js';
import { MOST_CHANGES_AT_SWAP, swap } from './swap.js';
import { buildName } from './version-key.js';

/** How long the storage of a retired version stays for processes that have not noticed, or have no code for the new one. */
const GRACE_MS = 60 * 60_000;

export interface VersionsOptions {
  readonly store: RelationalStore;
  readonly projections: readonly Projection[];
  readonly records: readonly RecordType[];
  readonly subgraph: string;
  readonly logger: Logger;
  /** How long the storage of a version that was replaced stays. Default 1 h. */
  readonly retiredMs?: number;
  /** Takes or renews the lease of a version: of those that have code for it, one looks after it. Default: nobody else is there. */
  readonly lease?: (version: string) => Promise<boolean>;
}

/**
 * One step of every version that is not finished: a new one is filled; one that is built is followed, checked against its source and swapped in; the
 * storage of a retired one is dropped after its grace. Each step can be repeated, so a crash anywhere costs a repetition, and two processes at once
 * would only do the work twice.
 */
export async function keepVersions(options: VersionsOptions): Promise<void> {
  const { store, projections } = options;
  const versions = await readVersions(store);
  await removeLeftOvers(store, projections, versions);
  for (const version of versions) {
    if (version.state === 'retired') await dropRetired(options, version);
    else await fill(options, version);
  }
}

/** Makes every record of the versions due that are not filled yet: before anything else runs, so that quiet means filled. */
export async function enqueueUnfilled(options: VersionsOptions): Promise<readonly { readonly name: string; readonly records: number }[]> {
  const enqueued: { name: string; records: number }[] = [];
  for (const version of await readVersions(options.store)) {
    const projection = writerOf(options.projections, version);
    if (!projection || version.state === 'retired' || version.total !== undefined) continue;
    enqueued.push({ name: version.projection, records: await enqueueVersion(options, version, projection) });
  }
  return enqueued;
}

async function fill(options: VersionsOptions, version: VersionRow): Promise<void> {
  const { store, projections, subgraph, logger, lease = () => Promise.resolve(true) } = options;
  const complete = version.total !== undefined && version.done >= version.total;
  const projection = writerOf(projections, version);
  if (!projection || (version.state === 'live' && complete)) return;
  if (!(await lease(buildName(version.projection, version.version)))) return;
  const total = version.total ?? (await enqueueVersion(options, version, projection));
  const owed = await countOwed(store, projection.name);
  // One that serves reads already is filled once nothing of it waits: what it could not take is in the dead letters.
  const holes = version.state === 'live' && owed.unfilled === 0 ? 0 : owed.unfilled + owed.dead;
  await setCoverage(store, version, { done: Math.max(0, total - holes), total });
  // Changes never stop: those on their way go along with the swap, if they are few.
  if (version.state === 'live' || owed.unfilled > 0 || owed.changes > MOST_CHANGES_AT_SWAP) return;
  // A dead letter is a hole that the version which serves reads has not: somebody must decide, unless it is a hole there too.
  if (owed.deadHere > 0) return;
  if (!(await isComplete(options, projection))) return;
  const dependents = projections.filter((one) => one.of === undefined && one.after.includes(version.projection)).map((one) => one.name);
  if (!(await swap(store, projection, [...new Set(dependents)]))) return;
  await setCoverage(store, version, { done: total, total });
  logger.info('A new version of a projection serves reads.', { subgraph, projection: version.projection, version: version.version });
}

async function enqueueVersion({ store, records }: VersionsOptions, version: VersionRow, projection: Projection): Promise<number> {
  const source = createSourceRecords(store, recordOf(records, projection));
  const total = await enqueueAll(store, { projection, source });
  await setCoverage(store, version, { done: 0, total });
  return total;
}

/** Whether every record has a document of its revision; those that have not are made due again. */
async function isComplete({ store, records }: VersionsOptions, projection: Projection): Promise<boolean> {
  const source = createSourceRecords(store, recordOf(records, projection));
  let complete = true;
  for await (const page of walk({ store, projection, source, depth: 'revisions', ...immediately })) {
    // What changes while it is looked at is on its way.
    if (page.findings.length > 0) complete = false;
    await makeDue(
      store,
      { projection, rewrite: 'always' },
      page.findings.filter((finding) => !finding.known),
    );
  }
  return complete;
}

/** Whoever reads waits for the swap. */
const immediately = { waitMs: () => 20 };

interface OwedToVersion {
  /** Records that were made due to fill it, or to mend it. */
  readonly unfilled: number;
  /** Records that changed. */
  readonly changes: number;
  readonly dead: number;
  /** Dead letters whose record is none in the version that serves reads. */
  readonly deadHere: number;
}

async function countOwed(store: RelationalStore, name: string): Promise<OwedToVersion> {
  const delivery = store.table('delivery');
  const base = name.slice(0, name.lastIndexOf('@'));
  const rows = await store.read().execute<{ kind: string; n: string | number }[]>(
    `select case when state = 'pending' and first_outbox_id = ${BEHIND_LIVE} then 'unfilled' else state end as kind, count(*) as n
       from ${delivery} where projection = ? group by 1`,
    [name],
  );
  const count = (kind: string): number => Number(rows.find((row) => row.kind === kind)?.n ?? 0);
  const owed = { unfilled: count('unfilled'), changes: count('pending'), dead: count('dead'), deadHere: 0 };
  if (owed.dead === 0) return owed;
  const [alone] = await store.read().execute<{ n: string | number }[]>(
    `select count(*) as n from ${delivery} d where projection = ? and state = 'dead'
       and not exists (select 1 from ${delivery} e where e.projection = ? and e.record_type = d.record_type and e.record_id = d.record_id
         and e.state in ('dead', 'discarded'))`,
    [name, base],
  );
  return { ...owed, deadHere: Number(alone?.n ?? 0) };
}

/** A dispatcher that looked at the registry just before a swap leaves deliveries for a build that is over; their twins are due. */
async function removeLeftOvers(store: RelationalStore, projections: readonly Projection[], versions: readonly VersionRow[]): Promise<void> {
  const over = versions.filter((version) => version.state !== 'building').map((version) => buildName(version.projection, version.version));
  const builds = new Set(projections.flatMap((one) => (one.of === undefined ? [] : [one.name])));
  const names = over.filter((name) => builds.has(name));
  if (names.length === 0) return;
  const list = names.map(() => '?').join(', ');
  const found = await store
    .read()
    .execute<unknown[]>(`select 1 as found from ${store.table('delivery')} where projection in (${list}) limit 1`, names);
  if (found.length === 0) return;
  await store.transaction(async (em) => {
    // Whoever registers a build holds these rows: one that has begun since is seen here.
    await em.execute(`select name from ${store.table('projection')} for update`);
    const building = new Set([...(await buildsUnderWay(store, em)).values()].flat());
    for (const name of names.filter((one) => !building.has(one)))
      await em.execute(`delete from ${store.table('delivery')} where projection = ?`, [name], 'run');
  });
}

async function dropRetired(
  { store, projections, subgraph, logger, retiredMs = GRACE_MS }: VersionsOptions,
  version: VersionRow,
): Promise<void> {
  const storages = projections.find((one) => one.name === version.projection)?.storages;
  if (!storages) return;
  const [{ now } = { now: 0 }] = await store.read().execute<{ now: string | number }[]>(`select ${nowMs(store.dialect)} as now`);
  if (Number(now) < version.changedAt + retiredMs) return;
  await storages.drop(version.version);
  await store.transaction((em) =>
    em.execute(
      `delete from ${store.table('projection_version')} where projection = ? and version = ? and state = 'retired'`,
      [version.projection, version.version],
      'run',
    ),
  );
  logger.info('The storage of a retired version was dropped.', { subgraph, projection: version.projection, version: version.version });
}

/** What delivers to a version in this process; undefined where its code has no part in it. */
function writerOf(projections: readonly Projection[], { projection, version, state }: VersionRow): Projection | undefined {
  const name = state === 'building' ? buildName(projection, version) : projection;
  return projections.find((one) => one.name === name && one.versionKey === version);
}

function recordOf(records: readonly RecordType[], projection: Projection): RecordType {
  const record = records.find((one) => one.type === projection.source);
  if (!record) throw new Error(`Projection ${projection.name} is fed by ${projection.source}, which is no record type of this subgraph.`);
  return record;
}
