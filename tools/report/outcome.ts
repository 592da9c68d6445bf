/** One measured number. The name is stable: reports of different days are compared by it. */
export interface Figure {
  /** Dotted, with the unit last: `list.p95Ms.real`. */
  readonly name: string;
  readonly value: number;
  /** What it is, for the table. */
  readonly meaning: string;
}

/** What a bench or drill found. */
export interface Outcome {
  readonly figures: readonly Figure[];
  /** What a reader must know to judge the figures: how they were taken, what limits them. */
  readonly notes: readonly string[];
  /** Wrong answers, broken invariants, missed targets. Any makes the command exit with 1. */
  readonly failures: readonly string[];
  /** Versions of what was measured beside Node and this project: `{ mysql: '8.0.39' }`. */
  readonly versions?: Readonly<Record<string, string>>;
}

export function mergeOutcomes(outcomes: readonly Outcome[]): Outcome {
  return {
    figures: outcomes.flatMap(({ figures }) => figures),
    notes: outcomes.flatMap(({ notes }) => notes),
    failures: outcomes.flatMap(({ failures }) => failures),
    versions: Object.assign({}, ...outcomes.map(({ versions }) => versions)),
  };
}
