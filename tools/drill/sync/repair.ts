import { setTimeout as sleep } from 'node:timers/promises';
import { jobs, type CheckResult, type Job, type JobKind } from '@loomgraph/sync';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Planted } from './check/plant.ts';

const TIMEOUT_MS = 300_000;
const EXAMPLES = 4;

/** Runs a job on whatever relay there is and waits for its end. @throws Error when it fails */
export async function runJob(record: RelationalStore, kind: JobKind): Promise<Job> {
  const { id } = await jobs(record).create({ kind, requestedBy: 'drill' });
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const job = await jobs(record).get(id);
    if (job?.state === 'done') return job;
    if (!job || job.state === 'failed' || job.state === 'cancelled') {
      throw new Error(`The ${kind} ended as ${job?.state ?? 'nothing'}: ${job?.error?.message ?? ''}`);
    }
    if (performance.now() > deadline) throw new Error(`The ${kind} had not ended after ${TIMEOUT_MS / 1_000} s.`);
    await sleep(200);
  }
}

export interface DriftReport {
  readonly found: number;
  /** Where what was found is not what was planted. */
  readonly differences: readonly string[];
}

/** Compares what a check found, class by class, with what was planted; projections nobody damaged must be clean. */
export function compareWithPlanted(job: Job, planted: ReadonlyMap<string, Planted>): DriftReport {
  const { projections } = job.result as CheckResult; // a check's and a repair's
  const differences: string[] = [];
  let found = 0;
  for (const one of projections) {
    const expected = planted.get(one.projection) ?? { missing: 0, stale: 0, orphan: 0, corrupt: 0 };
    for (const kind of ['missing', 'stale', 'orphan', 'corrupt'] as const) {
      found += one[kind];
      if (one[kind] !== expected[kind])
        differences.push(
          `${one.projection}: ${expected[kind]} ${kind} were planted, ${one[kind]} were found, such as ${one.examples[kind].slice(0, EXAMPLES).join(', ')}`,
        );
    }
  }
  return { found, differences };
}

export const countPlanted = (planted: ReadonlyMap<string, Planted>): number =>
  [...planted.values()].reduce((sum, one) => sum + one.missing + one.stale + one.orphan + one.corrupt, 0);
