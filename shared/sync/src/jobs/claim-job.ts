import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs, onConflict } from '../dialect.js';
import { JOB_COLUMNS, toJob, type Job, type JobKind, type JobRow } from './job.js';

/**
 * Takes the oldest job that may run: queued, or running for a process that is gone. One of a kind and projection runs at a time; the jobs of a subgraph
 * are claimed one after the other, under a lock, so that two relays cannot take two of them at once.
 */
export async function claimJob(
  store: RelationalStore,
  { owner, kinds, leaseMs }: { readonly owner: string; readonly kinds: readonly JobKind[]; readonly leaseMs: number },
): Promise<Job | undefined> {
  const table = store.table('job');
  const now = nowMs(store.dialect);
  if (!(await anyWaiting(store))) return undefined;
  return store.transaction(async (em) => {
    await em.execute(
      `insert into ${store.table('lease')} (name, owner, until) values ('jobs', ?, 0)
       ${onConflict(store.dialect, ['name'], (incoming) => [`owner = ${incoming('owner')}`])}`,
      [owner],
      'run',
    );
    const rows = await em.execute<(JobRow & { running: number | boolean })[]>(
      `select ${JOB_COLUMNS}, case when state = 'running' and lease_until > ${now} then 1 else 0 end as running from ${table}
       where state = 'running' or (state = 'queued' and lease_until <= ${now}) order by id`,
    );
    const taken = new Set(rows.filter((row) => Number(row.running) === 1).map(keyOf));
    const row = rows.find((one) => Number(one.running) === 0 && kinds.includes(one.kind) && !taken.has(keyOf(one)));
    if (!row) return undefined;
    await em.execute(
      `update ${table} set state = 'running', owner = ?, lease_until = ${now} + ?, started_at = coalesce(started_at, ${now}) where id = ?`,
      [owner, leaseMs, row.id],
      'run',
    );
    return toJob(row);
  });
}

/** What a running job writes of itself. */
export interface JobNote {
  readonly done: number;
  readonly total: number | undefined;
  readonly result: unknown;
}

/** Saves how far a job is and renews its lease. @returns whether it is to go on: not when it was cancelled, or taken by another process */
export async function noteJob(
  store: RelationalStore,
  id: string,
  { owner, leaseMs, note }: { readonly owner: string; readonly leaseMs: number; readonly note?: JobNote },
): Promise<'go on' | 'cancelled' | 'lost'> {
  const table = store.table('job');
  const columns = note ? 'done = ?, total = ?, result = ?,' : '';
  const values = note ? [note.done, note.total ?? null, JSON.stringify(note.result ?? null)] : [];
  await store.transaction((em) =>
    em.execute(
      `update ${table} set ${columns} lease_until = ${nowMs(store.dialect)} + ? where id = ? and owner = ? and state = 'running'`,
      [...values, leaseMs, id, owner],
      'run',
    ),
  );
  const [row] = await store
    .read()
    .execute<{ cancelled: boolean | number; owner: string | null; state: string }[]>(
      `select cancelled, owner, state from ${table} where id = ?`,
      [id],
    );
  if (row?.owner !== owner || row.state !== 'running') return 'lost';
  return row.cancelled ? 'cancelled' : 'go on';
}

/** Ends a job, or gives it back: `queued` again, not before `waitMs`. What it last noted stays. */
export async function endJob(
  store: RelationalStore,
  id: string,
  end: {
    readonly owner: string;
    readonly state: 'done' | 'failed' | 'cancelled' | 'queued';
    readonly error?: { readonly code: string; readonly message: string };
    readonly waitMs?: number;
  },
): Promise<void> {
  const now = nowMs(store.dialect);
  const { state, error, owner, waitMs = 0 } = end;
  await store.transaction((em) =>
    em.execute(
      `update ${store.table('job')} set state = ?, error_code = ?, error = ?, owner = null, lease_until = ${state === 'queued' ? `${now} + ?` : '?'}
         ${state === 'queued' ? '' : `, ended_at = ${now}`}
       where id = ? and owner = ? and state = 'running'`,
      [state, error?.code ?? null, error?.message ?? null, waitMs, id, owner],
      'run',
    ),
  );
}

async function anyWaiting(store: RelationalStore): Promise<boolean> {
  const now = nowMs(store.dialect);
  const rows = await store
    .read()
    .execute<unknown[]>(
      `select 1 as found from ${store.table('job')} where state in ('queued', 'running') and lease_until <= ${now} limit 1`,
    );
  return rows.length > 0;
}

/** One at a time of these. */
function keyOf(row: JobRow): string {
  const { kind, projection, options } = toJob(row);
  return `${kind}\n${projection ?? options.consumer ?? ''}`;
}
