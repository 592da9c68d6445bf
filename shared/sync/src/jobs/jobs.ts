import { LoomError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs } from '../dialect.js';
import { JOB_COLUMNS, jobKinds, toJob, type Job, type JobKind, type JobOptions, type JobRow, type JobState } from './job.js';

export interface NewJob {
  readonly kind: JobKind;
  /** Undefined: every projection of the subgraph, where the kind allows it (check, repair). */
  readonly projection?: string | undefined;
  readonly options?: JobOptions;
  /** Who asked, at most 191 characters. */
  readonly requestedBy: string;
}

export interface JobFilter {
  readonly kind?: JobKind | undefined;
  readonly state?: JobState | undefined;
  readonly projection?: string | undefined;
}

export interface JobPage {
  readonly items: readonly Job[];
  /** Hand it in as `before` for the next page; undefined at the end. */
  readonly next: string | undefined;
}

const MOST_IDS = 10_000;

/** The jobs of a subgraph, for whoever has its database; one of its relays runs them. */
export interface Jobs {
  /** @throws LoomError BAD_USER_INPUT, NOT_FOUND when the projection or consumer is none of this subgraph */
  create(job: NewJob): Promise<Job>;
  /** Newest first. */
  list(options: JobFilter & { readonly limit: number; readonly before?: string | undefined }): Promise<JobPage>;
  get(id: string): Promise<Job | undefined>;
  /** Stops it at its next step; what it has done stays. One that is over is left as it is. @returns undefined when there is none */
  cancel(id: string): Promise<Job | undefined>;
}

export function jobs(store: RelationalStore): Jobs {
  const table = store.table('job');
  const get = async (id: string): Promise<Job | undefined> => {
    if (!isId(id)) return undefined;
    const [row] = await store.read().execute<JobRow[]>(`select ${JOB_COLUMNS} from ${table} where id = ?`, [id]);
    return row && toJob(row);
  };
  return {
    get,
    async create(job) {
      checkShape(job);
      const id = await store.transaction(async (em) => {
        await checkNames(store, em, job);
        return insert(store, em, job);
      });
      return (await get(id)) as Job; // it was inserted above
    },
    async list({ limit, before, kind, state, projection }) {
      if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1_000)
        throw new LoomError('BAD_USER_INPUT', `A page of jobs holds 1 to 1,000; got ${limit}.`);
      if (before !== undefined && !isId(before)) throw new LoomError('BAD_USER_INPUT', `"${before}" is no position in the list of jobs.`);
      const given = Object.entries({ kind, state, projection }).filter(([, value]) => value !== undefined);
      const conditions = [...given.map(([column]) => `${column} = ?`), ...(before === undefined ? [] : ['id < ?'])];
      const rows = await store
        .read()
        .execute<JobRow[]>(
          `select ${JOB_COLUMNS} from ${table} ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''} order by id desc limit ?`,
          [...given.map(([, value]) => value), ...(before === undefined ? [] : [before]), limit + 1],
        );
      const items = rows.slice(0, limit).map(toJob);
      return { items, next: rows.length > limit ? items.at(-1)?.id : undefined };
    },
    async cancel(id) {
      if (!isId(id)) return undefined;
      const now = nowMs(store.dialect);
      // One that nobody runs ends at once; the runner of any other sees the mark.
      await store.transaction(async (em) => {
        await em.execute(`update ${table} set cancelled = ? where id = ? and state in ('queued', 'running')`, [true, id], 'run');
        await em.execute(
          `update ${table} set state = 'cancelled', ended_at = ${now} where id = ? and (state = 'queued' or (state = 'running' and lease_until <= ${now}))`,
          [id],
          'run',
        );
      });
      return get(id);
    },
  };
}

function checkShape({ kind, projection, options = {}, requestedBy }: NewJob): void {
  const refuse = (message: string): never => {
    throw new LoomError('BAD_USER_INPUT', message);
  };
  if (!jobKinds.includes(kind)) refuse(`"${kind}" is no kind of job; there are ${jobKinds.join(', ')}.`);
  if (requestedBy === '' || requestedBy.length > 191) refuse('Who asks for a job has a name of 1 to 191 characters.');
  const { ids, consumer, since } = options;
  if (kind === 'replay') {
    if (consumer === undefined) refuse('A replay needs a consumer.');
    if (projection !== undefined || ids) refuse('A replay is for a consumer, not for a projection.');
    if (since !== undefined && (!Number.isSafeInteger(since) || since < 0))
      refuse('A replay begins at a time in milliseconds since the epoch.');
    return;
  }
  if (consumer !== undefined || since !== undefined) refuse(`A ${kind} has no consumer.`);
  if (kind === 'rebuild' && projection === undefined) refuse('A rebuild needs a projection.');
  if (!ids) return;
  if (projection === undefined) refuse('Records are looked at in one projection: name it.');
  if (ids.length === 0 || ids.length > MOST_IDS) refuse(`A job takes 1 to ${MOST_IDS} records by their ids, or all of a projection.`);
}

async function checkNames(store: RelationalStore, em: EntityManager, { kind, projection, options }: NewJob): Promise<void> {
  const [table, name] = kind === 'replay' ? (['consumer', options?.consumer] as const) : (['projection', projection] as const);
  if (name === undefined) return;
  const found = await em.execute<unknown[]>(`select 1 as found from ${store.table(table)} where name = ?`, [name]);
  if (found.length === 0) throw new LoomError('NOT_FOUND', `There is no ${table} "${name}" here.`);
}

async function insert(store: RelationalStore, em: EntityManager, { kind, projection, options = {}, requestedBy }: NewJob): Promise<string> {
  const returning = store.dialect === 'mysql' ? '' : 'returning id';
  const sql = `insert into ${store.table('job')} (kind, projection, options, state, done, requested_by, requested_at, cancelled, lease_until)
    values (?, ?, ?, 'queued', 0, ?, ${nowMs(store.dialect)}, ?, 0) ${returning}`;
  const parameters = [kind, projection ?? null, JSON.stringify(options), requestedBy, false];
  if (returning === '') {
    const { insertId } = await em.execute<{ insertId: number }>(sql, parameters, 'run');
    return String(insertId);
  }
  const [row] = await em.execute<{ id: string | number }[]>(sql, parameters);
  return String(row?.id);
}

const isId = (id: string): boolean => /^\d{1,18}$/.test(id);
