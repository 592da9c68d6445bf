import type { TemplateRow } from '../rows/template-row.ts';

export interface BatchOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly categoriesCreated: number;
}

/** Where the rows go. */
export interface Target extends AsyncDisposable {
  /** For people, and to tell targets apart. */
  readonly name: string;
  /** One transaction. @throws BatchRefused */
  send(rows: readonly TemplateRow[], options: { createCategories: boolean }): Promise<BatchOutcome>;
  /** Waits until what was written can be found. @returns false when that takes longer than the tool waits; it happens later then */
  settle(): Promise<boolean>;
}

/** The server did not take a batch; nothing of it was written. */
export class BatchRefused extends Error {
  readonly code: string;
  /** Which rows of the batch do not fit, counted from 0, as far as the server says. */
  readonly rows: readonly { readonly index: number; readonly problems: readonly string[] }[];

  constructor(code: string, message: string, options: { rows?: BatchRefused['rows']; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.rows = options.rows ?? [];
  }
}
