import type { Reject } from '../rows/check-rows.ts';

export interface RunFailure {
  readonly code: string;
  readonly message: string;
  /** First and last row of the batch that was refused. */
  readonly rows?: readonly [number, number];
}

/** What a run did, as `--json` writes it. */
export interface SeedOutcome {
  readonly file: string;
  readonly target: string;
  readonly dryRun: boolean;
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly categoriesCreated: number;
  readonly rejected: number;
  /** Rows an interrupted run had committed before; part of the counts. */
  readonly resumedRows: number;
  readonly seconds: number;
  readonly rejects: readonly Reject[];
  readonly ignoredColumns: readonly string[];
  readonly interrupted: boolean;
  readonly failure?: RunFailure;
}

export function exitCodeOf({ interrupted, failure, rejected }: SeedOutcome, { allowRejects }: { allowRejects: boolean }): number {
  if (interrupted) return 130;
  return failure || (rejected > 0 && !allowRejects) ? 1 : 0;
}
