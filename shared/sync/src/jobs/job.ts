/**
 * Work that outlives a request and a process. `check`: compares projections with their source. `repair`: the same, and writes anew what differs.
 * `rebuild`: writes every document of a projection anew. `replay`: hands a consumer its events from a point in time again.
 */
export const jobKinds = ['check', 'repair', 'rebuild', 'replay'] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** What a job is asked to do; each kind reads its own. */
export interface JobOptions {
  /** check, repair, rebuild: only these records; then a projection must be named. */
  readonly ids?: readonly string[];
  /** check, repair: how deep to look. Default `content`. */
  readonly depth?: 'revisions' | 'fingerprints' | 'content';
  /** rebuild: leave alone what a record still derives to. */
  readonly changedOnly?: boolean;
  /** replay: the consumer, and from when; in ms since the epoch, 0 is the beginning. */
  readonly consumer?: string;
  readonly since?: number;
}

export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  /** Undefined: all of the subgraph. */
  readonly projection: string | undefined;
  readonly options: JobOptions;
  readonly state: JobState;
  readonly done: number;
  /** Undefined while it is not known. */
  readonly total: number | undefined;
  /** What came of it; of a job that is not over, what it has so far. */
  readonly result: unknown;
  /** Why it failed; of one that runs, what made it wait the last time. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

export interface JobRow {
  readonly id: string | number;
  readonly kind: JobKind;
  readonly projection: string | null;
  readonly options: string;
  readonly state: JobState;
  readonly done: string | number;
  readonly total: string | number | null;
  readonly result: string | null;
  readonly error_code: string | null;
  readonly error: string | null;
  readonly requested_by: string;
  readonly requested_at: string | number;
  readonly started_at: string | number | null;
  readonly ended_at: string | number | null;
}

export const JOB_COLUMNS =
  'id, kind, projection, options, state, done, total, result, error_code, error, requested_by, requested_at, started_at, ended_at';

const count = (value: string | number | null): number | undefined => (value === null ? undefined : Number(value));

export function toJob(row: JobRow): Job {
  return {
    id: String(row.id),
    kind: row.kind,
    projection: row.projection ?? undefined,
    options: JSON.parse(row.options) as JobOptions, // written by `jobs`
    state: row.state,
    done: Number(row.done),
    total: count(row.total),
    result: row.result === null ? undefined : (JSON.parse(row.result) as unknown),
    error: row.error === null ? undefined : { code: row.error_code ?? 'INTERNAL_SERVER_ERROR', message: row.error },
    requestedBy: row.requested_by,
    requestedAt: Number(row.requested_at),
    startedAt: count(row.started_at),
    endedAt: count(row.ended_at),
  };
}
