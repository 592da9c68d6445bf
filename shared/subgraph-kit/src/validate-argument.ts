import { LoomError } from '@loomgraph/core';
import { validate, type ValidationError } from 'class-validator';
import { assertStorableText } from './storable-text.js';

/** What is left out of an input is not checked; a field without rules is no fault. */
const options = { skipMissingProperties: true, forbidUnknownValues: false };

/**
 * Checks an argument of a field: texts every store can keep, and the rules on its input class.
 * @throws LoomError BAD_USER_INPUT with every broken rule in one message
 */
export async function validateArgument(value: unknown): Promise<void> {
  assertStorableText(value);
  const problems = await problemsOf(value);
  if (problems.length > 0) throw new LoomError('BAD_USER_INPUT', problems.join('; '));
}

/** The broken rules of an input object, or of each in a list; none for anything else. */
export async function problemsOf(value: unknown): Promise<string[]> {
  if (Array.isArray(value)) return (await Promise.all(value.map(problemsOf))).flat();
  if (typeof value !== 'object' || value === null) return [];
  return (await validate(value, options)).flatMap(flatten);
}

const flatten = (problem: ValidationError): string[] => [
  ...Object.values(problem.constraints ?? {}),
  ...(problem.children ?? []).flatMap(flatten),
];
