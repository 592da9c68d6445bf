/** One row as the file has it. */
export interface SourceRow {
  /** Counts from 1; the header is none. */
  readonly row: number;
  /** CSV only: the line it ends on. */
  readonly line?: number;
  readonly values: Readonly<Record<string, unknown>>;
  /** Why it cannot be read as a row. */
  readonly problem?: string;
}

export interface Source {
  readonly kind: 'json' | 'csv';
  /** Where it is known before the rows are read. */
  readonly total: number | undefined;
  /** From the first row, each time it is called. */
  rows(): AsyncIterable<SourceRow>;
}
