import type { OverrideChoice, Planner } from './planner.js';

export interface ChosenOverrides {
  readonly choice: OverrideChoice;
  /** Tells this choice from the others of the same planner; empty where the supergraph has no progressive override. */
  readonly cacheKeySuffix: string;
}

/** Which of the labels other than `percent(n)` are active for a caller. Throws nothing. */
export type ActiveLabels<Caller> = (caller: Caller) => ReadonlySet<string>;

export interface OverrideChoiceOptions<Caller> {
  readonly planner: Pick<Planner, 'overrideLabels' | 'overridePercentages'>;
  /** No label is active when left out. */
  readonly activeLabels?: ActiveLabels<Caller>;
  /** 0 inclusive to 1 exclusive; `Math.random` when left out. */
  readonly random?: () => number;
}

const WHOLE = 100;
const NO_LABELS: ReadonlySet<string> = new Set();

/**
 * Decides per request on which side of each `@override(label:)` it is.
 *
 * 1. A `percent(n)` label is active for n % of the requests.
 * 2. All percentages between two neighbouring `n` give the same choice, so with k percentages and l labels an operation has at most
 *    (k + 1) · 2^l plans, and the choices are objects made once per bucket and label set.
 * 3. Labels the supergraph does not have are ignored.
 */
export function createOverrideChoice<Caller>(options: OverrideChoiceOptions<Caller>): (caller: Caller) => ChosenOverrides {
  const { planner, activeLabels = () => NO_LABELS, random = Math.random } = options;
  const bounds = [0, ...planner.overridePercentages.filter((n) => n > 0 && n < WHOLE), WHOLE].toSorted((a, b) => a - b);
  const labels = planner.overrideLabels.toSorted();
  const made = new Map<string, ChosenOverrides>();

  return (caller) => {
    const bucket = bounds.length === 2 ? 0 : bucketOf(random() * WHOLE, bounds);
    const active = labels.length === 0 ? [] : labelsAmong(labels, activeLabels(caller));
    const cacheKeySuffix = bounds.length === 2 && labels.length === 0 ? '' : `#${[bucket, ...active.map(encodeURIComponent)].join('+')}`;
    let chosen = made.get(cacheKeySuffix);
    if (chosen === undefined) {
      chosen = { choice: { activeLabels: new Set(active), percentage: middleOf(bucket, bounds) }, cacheKeySuffix };
      made.set(cacheKeySuffix, chosen);
    }
    return chosen;
  };
}

function labelsAmong(labels: readonly string[], active: ReadonlySet<string>): readonly string[] {
  return labels.filter((label) => active.has(label));
}

/** The number of the interval `[bounds[i], bounds[i + 1])` that holds `percentage`. */
function bucketOf(percentage: number, bounds: readonly number[]): number {
  return bounds.findLastIndex((bound) => bound <= percentage);
}

/** Planners keep percentages as fixed-point numbers: a value on the bound itself could be rounded to the other side. */
function middleOf(bucket: number, bounds: readonly number[]): number {
  return ((bounds[bucket] ?? 0) + (bounds[bucket + 1] ?? WHOLE)) / 2;
}
