import { setTimeout as sleep } from 'node:timers/promises';
import { makeDue, repairsOwed } from '../audit/repair.js';
import { addReport, emptyTally, foundIn, type Report, type Tally } from '../audit/tally.js';
import { checkRecords, walk, type WalkPosition } from '../audit/walk.js';
import { liveProjection, projectionsOf, type JobContext } from './job-context.js';

/** What a check or a repair found in one projection. */
export interface ProjectionCheck extends Tally {
  readonly projection: string;
  /** Of those found, how many were written anew since; only of a repair. */
  repaired?: number;
}

export interface CheckResult {
  readonly projections: readonly ProjectionCheck[];
  /** Of a job that is not over: where in the last of the projections it is; absent once that one is done. */
  readonly position?: WalkPosition;
}

const SLICE = 500;
const REPAIR_POLL_MS = 250;

/**
 * Compares one projection or all with their source, and for a repair waits until what differs was written anew. It goes on from the result it noted
 * last; pages that were under way are compared again.
 */
export async function runCheck(context: JobContext): Promise<CheckResult> {
  const { job } = context;
  const names = projectionsOf(context);
  const before = job.result as CheckResult | null | undefined; // its own, from before it was interrupted
  const results: ProjectionCheck[] = [...(before?.projections ?? [])];
  let position = before?.position;
  const progress = createProgress(context, results);
  for (const [index, name] of names.entries()) {
    if (index < results.length - (position ? 1 : 0)) continue;
    const tally = position ? (results.pop() as ProjectionCheck) : { projection: name, ...emptyTally() };
    results.push(tally);
    await checkOne(context, { tally, from: position, progress });
    position = undefined;
    await progress(undefined);
  }
  if (job.kind === 'repair') await followRepairs(context, results, progress);
  return { projections: results };
}

type Progress = (position: WalkPosition | undefined) => Promise<void>;

async function checkOne(
  context: JobContext,
  { tally, from, progress }: { tally: ProjectionCheck; from: WalkPosition | undefined; progress: Progress },
): Promise<void> {
  const { store, job, signal } = context;
  const { projection, source } = await liveProjection(context, tally.projection);
  const depth = job.options.depth ?? 'content';
  const take = async (report: Report): Promise<void> => {
    addReport(tally, report);
    if (job.kind === 'repair')
      await makeDue(
        store,
        { projection, rewrite: 'always' },
        report.findings.filter((finding) => !finding.known),
      );
  };
  const { ids } = job.options;
  if (ids) {
    for (let start = 0; start < ids.length; start += SLICE) {
      const slice = ids.slice(start, start + SLICE);
      await take(await checkRecords({ store, projection, depth, signal }, slice));
      tally.checked += slice.length;
    }
    return;
  }
  const pace = async (): Promise<void> => signal.throwIfAborted();
  for await (const page of walk({ store, projection, source, depth, signal, pace, ...(from ? { from } : {}) })) {
    await take(page);
    tally[page.phase === 'source' ? 'checked' : 'scanned'] += page.records;
    await progress({ phase: page.phase, after: page.after });
  }
}

/** Records are counted once in each direction; how many documents there are is not known before the end. */
function createProgress(context: JobContext, results: readonly ProjectionCheck[]): Progress {
  let total: Promise<number> | undefined;
  return async (position) => {
    total ??= expectedTotal(context);
    const done = results.reduce((sum, one) => sum + one.checked + one.scanned, 0);
    await context.note({
      done,
      total: Math.max(await total, done),
      result: { projections: results, ...(position ? { position } : {}) } satisfies CheckResult,
    });
  };
}

async function expectedTotal(context: JobContext): Promise<number> {
  if (context.job.options.ids) return context.job.options.ids.length;
  let total = 0;
  for (const name of projectionsOf(context)) total += 2 * (await (await liveProjection(context, name)).source.count());
  return total;
}

async function followRepairs({ store, signal }: JobContext, results: readonly ProjectionCheck[], progress: Progress): Promise<void> {
  for (;;) {
    let owed = 0;
    for (const result of results) {
      const left = await repairsOwed(store, result.projection);
      result.repaired = Math.max(result.repaired ?? 0, foundIn(result) - left);
      owed += Math.min(left, foundIn(result));
    }
    await progress(undefined);
    if (owed === 0) return;
    await sleep(REPAIR_POLL_MS, undefined, { signal });
  }
}
