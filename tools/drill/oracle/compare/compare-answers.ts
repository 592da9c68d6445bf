import type { ExecutionResult } from 'graphql';
import { describeError, keyOf, toFieldErrors, type FieldError } from './field-errors.ts';
import { findNull, type Path } from './null-positions.ts';

/** What the monolith says about an operation. */
export interface Expectation {
  readonly answer: ExecutionResult;
  /** Every error a field of this operation can raise, see `supergraph/lenient-twin.ts`. */
  readonly possible: ExecutionResult;
}

/**
 * What is wrong with a federated answer; empty when nothing is.
 *
 * 1. `data` is the same JSON text: the same values, and keys in the same order.
 * 2. Each error stands at or below a null in `data` and is, in path and message, one that the monolith can raise there.
 * 3. An error of the monolith that stands at its null itself is in the federated answer, too.
 * 4. Where the monolith's null came up from a non-null field below, at least one of the errors possible below it is reported. Which
 *    ones is left open, because the specification lets an executor cancel siblings of a failed field (§6.4.4): graphql-js itself
 *    reports them by chance of timing.
 * 5. No error is reported twice.
 */
export function compareAnswers(expected: Expectation, actual: ExecutionResult): readonly string[] {
  const expectedText = JSON.stringify(expected.answer.data ?? null);
  const actualText = JSON.stringify(actual.data ?? null);
  const dataProblems = expectedText === actualText ? [] : [`data differs: ${describeDifference(expectedText, actualText)}`];
  return [...dataProblems, ...compareErrors(expected, actual)];
}

function compareErrors(expected: Expectation, actual: ExecutionResult): readonly string[] {
  const data = expected.answer.data ?? null;
  const wanted = toFieldErrors(expected.answer.errors);
  const possible = new Set(toFieldErrors(expected.possible.errors).map(keyOf));
  const reported = toFieldErrors(actual.errors);
  const reportedKeys = new Set(reported.map(keyOf));
  const reportedNulls = new Set(reported.map((error) => JSON.stringify(nullOf(data, error))));
  const problems: string[] = [];

  for (const error of reported) {
    if (nullOf(data, error) === undefined) problems.push(`an error where nothing is null: ${describeError(error)}`);
    else if (!possible.has(keyOf(error))) problems.push(`an error that cannot be there: ${describeError(error)}`);
  }
  for (const error of wanted) {
    const place = nullOf(data, error);
    const isItsOwnNull = place?.length === error.path?.length;
    if (isItsOwnNull ? !reportedKeys.has(keyOf(error)) : !reportedNulls.has(JSON.stringify(place))) {
      problems.push(`an error is missing: ${describeError(error)}`);
    }
  }
  if (reportedKeys.size < reported.length) problems.push('an error is reported twice');
  return [...new Set(problems)];
}

function nullOf(data: unknown, { path }: FieldError): Path | undefined {
  return path && findNull(data, path);
}

const EXCERPT_BEFORE = 60;
const EXCERPT_AFTER = 60;

function describeDifference(expected: string, actual: string): string {
  let start = 0;
  while (start < expected.length && expected[start] === actual[start]) start++;
  const excerpt = (text: string): string => text.slice(Math.max(0, start - EXCERPT_BEFORE), start + EXCERPT_AFTER);
  return `expected …${excerpt(expected)}… but got …${excerpt(actual)}…`;
}
