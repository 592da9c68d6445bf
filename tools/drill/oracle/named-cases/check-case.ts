import type { ExecutionResult } from 'graphql';
import { describeError, keyOf, toFieldErrors } from '../compare/field-errors.ts';
import type { NamedCase } from './named-case.ts';

/** What is wrong with an answer to a case: its data with the order of keys, its errors in any order. Empty when nothing is. */
export function checkCase({ expected }: NamedCase, answer: ExecutionResult): readonly string[] {
  const wanted = expected.errors ?? [];
  const reported = toFieldErrors(answer.errors);
  const wantedKeys = wanted.map(keyOf);
  const reportedKeys = reported.map(keyOf);
  const dataText = JSON.stringify(answer.data);
  return [
    ...(dataText === JSON.stringify(expected.data) ? [] : [`expected ${JSON.stringify(expected.data)} but got ${dataText}`]),
    ...wanted.filter((error) => !reportedKeys.includes(keyOf(error))).map((error) => `an error is missing: ${describeError(error)}`),
    ...reported.filter((error) => !wantedKeys.includes(keyOf(error))).map((error) => `an error too many: ${describeError(error)}`),
    ...(new Set(reportedKeys).size < reportedKeys.length ? ['an error is reported twice'] : []),
  ];
}
