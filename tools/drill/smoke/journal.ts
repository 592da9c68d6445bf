/** A write as a client sees it. `value` is the name written, or the rating in hundredths. */
export interface Write {
  readonly kind: 'create' | 'update' | 'delete' | 'use' | 'rate';
  /** The template, by the slug its creator chose: an id is known only once the creation was answered. */
  readonly slug: string;
  readonly userId: string;
  readonly value?: string | number;
}

/**
 * - `acknowledged`: answered 200 without errors. It must be there from then on.
 * - `unknown`: no answer, or one that does not tell. It may have happened or not.
 * - `refused`: answered with an error that says it did not happen.
 */
export type WriteOutcome = 'acknowledged' | 'unknown' | 'refused';

/** The code of a refusal by nobody: no process listened. */
export const NOT_SENT = 'NOT_SENT';

export interface JournalEntry extends Write {
  /** Order in which writes were sent. */
  readonly sent: number;
  /** `sent` of the first write that was sent after this one was answered; undefined while it is in flight. */
  answered?: number;
  /** In flight counts as unknown. */
  outcome: WriteOutcome;
  /** The error code of a refusal. */
  code?: string;
}

/** What clients did and were told, kept where no kill reaches it. */
export class Journal {
  readonly #entries: JournalEntry[] = [];

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Called before the write is sent. @returns what is called with its outcome */
  begin(write: Write): (outcome: WriteOutcome, code?: string) => void {
    const entry: JournalEntry = { ...write, sent: this.#entries.length, outcome: 'unknown' };
    this.#entries.push(entry);
    return (outcome, code) => {
      entry.outcome = outcome;
      entry.answered = this.#entries.length;
      if (code !== undefined) entry.code = code;
    };
  }

  count(outcome: WriteOutcome): number {
    return this.#entries.filter((entry) => entry.outcome === outcome).length;
  }
}
