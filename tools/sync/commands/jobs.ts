import Table from 'cli-table3';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../cli/client.ts';
import type { Outcome } from '../outcome.ts';
import type { Progress } from '../progress.ts';
import { nameAway, type Unreachable } from '../unreachable.ts';

const JOB = `id subgraph kind projection consumer state done total progress result errorCode error requestedBy requestedAt startedAt endedAt`;
const POLL_MS = 300;

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly projection: string | null;
  readonly consumer: string | null;
  readonly state: 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';
  readonly done: number;
  readonly total: number | null;
  readonly result: { readonly projections?: readonly Check[]; readonly records?: number; readonly dead?: number } | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly requestedBy: string;
  readonly requestedAt: string;
}

interface Check {
  readonly projection: string;
  readonly checked: number;
  readonly missing: number;
  readonly stale: number;
  readonly orphan: number;
  readonly corrupt: number;
  readonly repaired?: number;
}

/** Starts a job by the mutation `name` and, unless told not to, follows it to its end. */
export async function runJob(
  client: Client,
  job: { readonly name: string; readonly inputType: string; readonly input: Readonly<Record<string, unknown>>; readonly wait: boolean },
  progress: Progress,
): Promise<Outcome> {
  const { name, inputType, input, wait } = job;
  const mutation = `mutation($input: ${inputType}!) { job: ${name}(input: $input) { ${JOB} } }`;
  let { job: current } = await client.run<{ job: Job }>(mutation, { input });
  if (!wait) return { text: `${current.id} is queued.`, json: current, isWell: true };
  while (current.state === 'QUEUED' || current.state === 'RUNNING') {
    progress.update(current.done, current.total, current.state === 'QUEUED' ? 'waiting for a relay' : (current.error ?? ''));
    await sleep(POLL_MS);
    const { job: next } = await client.run<{ job: Job | null }>(`query($id: ID!) { job: syncJob(id: $id) { ${JOB} } }`, { id: current.id });
    if (next) current = next;
  }
  progress.end();
  return { text: describe(current), json: current, isWell: isWell(current) };
}

export async function listJobs(client: Client, { first }: { first: number }): Promise<Outcome> {
  const { syncJobs } = await client.run<{ syncJobs: { nodes: readonly Job[]; unreachable: readonly Unreachable[] } }>(
    `query($first: Int) { syncJobs(first: $first) { nodes { ${JOB} } unreachable { subgraph code message } } }`,
    { first },
  );
  const away = nameAway(syncJobs.unreachable);
  const table = new Table({ head: ['job', 'what', 'of', 'state', 'done', 'asked by', 'at'], style: { head: [], border: [] } });
  for (const job of syncJobs.nodes) {
    const { id, kind, projection, consumer, state, done, total, requestedBy, requestedAt } = job;
    table.push([id, kind, projection ?? consumer ?? 'all', state, `${done} of ${total ?? '?'}`, requestedBy, requestedAt]);
  }
  const list = syncJobs.nodes.length === 0 ? 'No jobs.' : table.toString();
  return { text: [list, ...away].join('\n'), json: syncJobs.nodes, isWell: away.length === 0 };
}

export async function cancelJob(client: Client, { id }: { id: string }): Promise<Outcome> {
  const { job } = await client.run<{ job: Job }>(`mutation($id: ID!) { job: cancelSyncJob(id: $id) { ${JOB} } }`, { id });
  return { text: `${job.id} is ${job.state.toLowerCase()}.`, json: job, isWell: true };
}

/** A check is well when nothing differs; a repair, when all that differed was made right. */
function isWell({ state, kind, result }: Job): boolean {
  if (state !== 'DONE') return false;
  return (result?.projections ?? []).every((one) => {
    const found = one.missing + one.stale + one.orphan + one.corrupt;
    return kind === 'CHECK' ? found === 0 : found === (one.repaired ?? found);
  });
}

function describe({ state, error, errorCode, result, kind }: Job): string {
  if (state === 'FAILED') return `✗ ${errorCode ?? ''}: ${error ?? ''}`;
  if (state === 'CANCELLED') return 'Cancelled; what it had done stays.';
  if (!result?.projections) return `✓ ${result?.records ?? 0} records${result?.dead ? `, ${result.dead} became dead letters` : ''}`;
  const repair = kind === 'REPAIR';
  const table = new Table({
    head: ['projection', 'checked', 'missing', 'stale', 'orphan', 'corrupt', ...(repair ? ['repaired'] : [])],
    style: { head: [], border: [] },
  });
  for (const one of result.projections) {
    table.push([one.projection, one.checked, one.missing, one.stale, one.orphan, one.corrupt, ...(repair ? [one.repaired ?? 0] : [])]);
  }
  return table.toString();
}
