import { CommandFailure } from '../../cli/failure.ts';
import type { GoodRow } from '../rows/check-rows.ts';
import { BatchRefused, type BatchOutcome, type Target } from '../target/target.ts';
import type { RunFailure } from './outcome.ts';
import type { ProgressFile } from './progress-file.ts';

export interface ImportRun {
  /** All batches from the first row on, each time it is called; `isCounted` when what they report belongs to this run. */
  readonly batches: (options: { isCounted: boolean }) => AsyncIterable<readonly GoodRow[]>;
  readonly target: Target;
  readonly createCategories: boolean;
  readonly progress: ProgressFile;
  readonly restart: boolean;
  readonly signal: AbortSignal;
  readonly onBatch: (rows: number) => void;
}

export interface ImportResult {
  readonly counts: BatchOutcome;
  readonly resumedRows: number;
  readonly interrupted: boolean;
  readonly failure?: RunFailure;
}

interface SentBatch {
  readonly index: number;
  readonly outcome: BatchOutcome;
}

/**
 * Sends batches one after the other, each a transaction, and notes after each how far it came.
 *
 *   noted batches? --no--> send from the first
 *                  --yes--> send the last noted one again: nothing created --> go on behind it
 *                                                          created         --> the target is not the one that was written to: from the first
 */
export async function importBatches(run: ImportRun): Promise<ImportResult> {
  let counts: BatchOutcome = { created: 0, updated: 0, unchanged: 0, categoriesCreated: 0 };
  let resumedRows = 0;
  let failure: RunFailure | undefined;
  let index = 0;
  try {
    const noted = run.restart ? undefined : await run.progress.read();
    const probe = noted && (await sendAgain(run, noted.batches - 1));
    const resumed = noted && probe?.outcome.created === 0 ? noted : undefined;
    if (resumed) counts = resumed.counts;
    for await (const batch of run.batches({ isCounted: true })) {
      if (run.signal.aborted) return { counts, resumedRows, interrupted: true };
      if (index < (resumed?.batches ?? 0)) {
        resumedRows += batch.length;
      } else {
        counts = add(counts, probe?.index === index ? probe.outcome : await send(run, batch));
        await run.progress.write({ batches: index + 1, counts });
      }
      index++;
      run.onBatch(batch.length);
    }
    await run.progress.remove();
  } catch (error) {
    failure = toFailure(error);
  }
  return { counts, resumedRows, interrupted: false, ...(failure ? { failure } : {}) };
}

/** Undefined where the file has no such batch any more. */
async function sendAgain(run: ImportRun, index: number): Promise<SentBatch | undefined> {
  let at = 0;
  for await (const batch of run.batches({ isCounted: false })) if (at++ === index) return { index, outcome: await send(run, batch) };
  return undefined;
}

/** What was done before stays done and is reported. @throws faults of the program */
function toFailure(error: unknown): RunFailure {
  if (error instanceof FailedBatch) return error.failure;
  if (error instanceof CommandFailure) return { code: 'FILE_UNREADABLE', message: error.message };
  throw error;
}

class FailedBatch extends Error {
  readonly failure: RunFailure;
  constructor(failure: RunFailure, cause: unknown) {
    super(failure.message, { cause });
    this.failure = failure;
  }
}

async function send({ target, createCategories }: ImportRun, batch: readonly GoodRow[]): Promise<BatchOutcome> {
  try {
    return await target.send(
      batch.map(({ template }) => template),
      { createCategories },
    );
  } catch (error) {
    if (!(error instanceof BatchRefused)) throw error;
    const named = error.rows.map(
      ({ index, problems }) => `row ${batch[index]?.row ?? '?'} (${batch[index]?.template.slug ?? ''}): ${problems.join(', ')}`,
    );
    const message = named.length > 0 ? named.join('; ') : error.message;
    throw new FailedBatch({ code: error.code, message, rows: [batch[0]?.row ?? 0, batch.at(-1)?.row ?? 0] }, error);
  }
}

const add = (a: BatchOutcome, b: BatchOutcome): BatchOutcome => ({
  created: a.created + b.created,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
  categoriesCreated: a.categoriesCreated + b.categoriesCreated,
});
