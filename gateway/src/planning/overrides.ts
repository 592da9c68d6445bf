import { Kind, parse, visit } from 'graphql';
import type { OverrideChoice } from './planner.js';

export interface Overrides {
  /** Every label, each once, in the order of the supergraph. */
  readonly all: readonly string[];
  /** Those other than `percent(n)`. */
  readonly labels: readonly string[];
  /** The `n` of every `percent(n)`. */
  readonly percentages: readonly number[];
}

const PERCENT = /^percent\((\d+(?:\.\d+)?)\)$/;
const LABEL_ARGUMENT = 'overrideLabel';

/** Reads the labels of progressive `@override`s out of a supergraph. */
export function readOverrides(supergraphSdl: string): Overrides {
  // Most supergraphs have none, and parsing a large one takes tens of milliseconds.
  if (!supergraphSdl.includes(`${LABEL_ARGUMENT}:`)) return { all: [], labels: [], percentages: [] };
  const found = new Set<string>();
  visit(parse(supergraphSdl, { noLocation: true }), {
    Argument({ name, value }) {
      if (name.value === LABEL_ARGUMENT && value.kind === Kind.STRING) found.add(value.value);
    },
  });
  const all = [...found];
  return {
    all,
    labels: all.filter((label) => percentageOf(label) === undefined),
    percentages: all.flatMap((label) => percentageOf(label) ?? []),
  };
}

/** Each label with whether it is active. */
export function overridesFor(labels: readonly string[], choice: OverrideChoice): readonly (readonly [label: string, isActive: boolean])[] {
  return labels.map((label) => [label, isActive(label, choice)] as const);
}

function isActive(label: string, choice: OverrideChoice): boolean {
  const percentage = percentageOf(label);
  return percentage === undefined ? choice.activeLabels.has(label) : choice.percentage < percentage;
}

/** The `n` of `percent(n)`; undefined for any other label. */
export function percentageOf(label: string): number | undefined {
  const match = PERCENT.exec(label);
  return match ? Number(match[1]) : undefined;
}
