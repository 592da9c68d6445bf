import { compareAnswers, type Expectation } from './compare/compare-answers.ts';
import type { GeneratedOperation } from './generate/generate-operation.ts';
import type { NamedRun, Operation } from './operation.ts';
import type { ExecutionResult } from 'graphql';

/** An answer that is not the monolith's. */
export interface Difference {
  readonly index: number;
  readonly run: NamedRun;
  readonly operation: Operation;
  readonly problems: readonly string[];
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Answers compared: one for each run and operation, replays included. */
  readonly answers: number;
  readonly replayed: number;
  readonly withErrors: number;
  readonly features: ReadonlyMap<string, number>;
}

export interface FindDifferencesOptions {
  readonly indices: readonly number[];
  readonly operationOf: (index: number) => GeneratedOperation;
  readonly expect: (operation: Operation) => Promise<Expectation>;
  readonly runs: readonly NamedRun[];
  readonly onProgress?: (done: number, differences: readonly Difference[]) => void;
}

/** Operations under way at once: answers of several mix as they do in a gateway that serves. */
const CONCURRENCY = 4;
/** Every so many operations one is asked again. */
const REPLAY_EVERY = 5;

/**
 * Asks every run every operation it is to answer, and compares with the monolith. A part is asked again at once with its booleans turned over: what
 * was cached for an operation must not hold for the values it was cached with only.
 */
export async function findDifferences(options: FindDifferencesOptions): Promise<Comparison> {
  const { indices, operationOf, expect, runs, onProgress } = options;
  const differences: Difference[] = [];
  const features = new Map<string, number>();
  let answers = 0;
  let replayed = 0;
  let withErrors = 0;
  let next = 0;

  const compare = async (place: number, operation: Operation): Promise<void> => {
    const index = indices[place]!; // in range, as checked
    const expected = await expect(operation);
    if (expected.answer.data === undefined)
      throw new Error(`The monolith refused operation ${index}: ${expected.answer.errors?.[0]?.message}`);
    if (expected.answer.errors) withErrors++;
    for (const run of runs) {
      if (place % (run.every ?? 1) !== 0) continue;
      answers++;
      const problems = await problemsOf(run, operation, expected);
      if (problems.length > 0) differences.push({ index, run, operation, problems });
    }
  };
  const work = async (): Promise<void> => {
    while (next < indices.length) {
      const place = next++;
      const index = indices[place]!; // in range, as checked
      const { features: used, ...operation } = operationOf(index);
      for (const feature of used) features.set(feature, (features.get(feature) ?? 0) + 1);
      await compare(place, operation);
      if (index % REPLAY_EVERY === 0) {
        replayed++;
        await compare(place, turnedOver(operation));
      }
      onProgress?.(place + 1, differences);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { differences, answers, replayed, withErrors, features };
}

/** A run that gives no answer at all is as wrong as one that gives another. */
export async function problemsOf(run: NamedRun, operation: Operation, expected: Expectation): Promise<readonly string[]> {
  let answer: ExecutionResult;
  try {
    answer = await run.run(operation);
  } catch (error) {
    return [`no answer: ${(error as Error).message}`];
  }
  return compareAnswers(expected, answer);
}

function turnedOver({ variables, ...operation }: Operation): Operation {
  const turned = Object.entries(variables ?? {}).map(([name, value]) => [name, typeof value === 'boolean' ? !value : value] as const);
  return { ...operation, ...(turned.length > 0 ? { variables: Object.fromEntries(turned) } : {}) };
}
