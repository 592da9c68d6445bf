import Table from 'cli-table3';
import type { Reject } from '../rows/check-rows.ts';
import type { SeedOutcome } from './outcome.ts';

/** What a person sees of a run. */
export interface Report {
  note(text: string): void;
  reject(reject: Reject): void;
  /** `total` where the number of rows is known. */
  progress(done: { rows: number; total: number | undefined }): void;
  summary(outcome: SeedOutcome): void;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

const BAR_COLUMNS = 30;
const LINE_EVERY_MS = 1_000;
const CLEAR_LINE = '\r\u001b[K';

/** A bar on a terminal, elsewhere a line now and then; notes go to `err`, the summary to `out`. */
export function createReport({ out, err, now = () => performance.now() }: { out: Output; err: Output; now?: () => number }): Report {
  let isBarShown = false;
  let shownAt = now();
  const line = (text: string): void => {
    if (isBarShown) err.write(CLEAR_LINE);
    isBarShown = false;
    err.write(`${text}\n`);
  };
  return {
    note: line,
    reject: ({ row, line: lineNumber, key, problems }) =>
      line(
        `rejected row ${row}${lineNumber === undefined ? '' : ` (line ${lineNumber})`}${key === '' ? '' : `, ${key}`}: ${problems.join('; ')}`,
      ),
    progress({ rows, total }) {
      if (err.isTTY) {
        err.write(
          `${CLEAR_LINE}${total === undefined ? `${rows} rows` : `${bar(total === 0 ? 1 : rows / total)} ${rows} of ${total} rows`}`,
        );
        isBarShown = true;
      } else if (now() - shownAt >= LINE_EVERY_MS) {
        shownAt = now();
        line(total === undefined ? `${rows} rows` : `${rows} of ${total} rows`);
      }
    },
    summary(outcome) {
      if (isBarShown) err.write('\n');
      isBarShown = false;
      out.write(`${renderSummary(outcome)}\n`);
    },
  };
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_COLUMNS);
  return `[${'#'.repeat(full)}${' '.repeat(BAR_COLUMNS - full)}]`;
}

export function renderSummary(outcome: SeedOutcome): string {
  const { rows, created, updated, unchanged, rejected, seconds } = outcome;
  const table = new Table({
    head: ['rows read', 'created', 'updated', 'unchanged', 'rejected', 'seconds'],
    style: { head: [], border: [] },
    colAligns: Array<'right'>(6).fill('right'),
  });
  table.push(
    outcome.dryRun
      ? [rows, '-', '-', '-', rejected, seconds.toFixed(1)]
      : [rows, created, updated, unchanged, rejected, seconds.toFixed(1)],
  );
  const lines = [table.toString()];
  if (outcome.dryRun) lines.push('Nothing was written (--dry-run).');
  if (outcome.resumedRows > 0) lines.push(`${outcome.resumedRows} rows had been written by the run that was interrupted.`);
  if (outcome.interrupted) lines.push('Interrupted; the same command goes on from here.');
  if (outcome.failure) {
    const { code, message, rows } = outcome.failure;
    lines.push(`Stopped${rows ? `: the batch of rows ${rows[0]} to ${rows[1]} was refused` : ''} (${code}): ${message}`);
  }
  return lines.join('\n');
}
