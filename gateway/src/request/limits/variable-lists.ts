import { LimitExceededError } from './limit-exceeded.js';

/**
 * Refuses variables that hold a list of more than `max` items, at any depth. Without recursion: the depth is the client's.
 * @throws LimitExceededError (OPERATION_TOO_COMPLEX)
 */
export function assertVariableListsWithin(variables: Readonly<Record<string, unknown>>, max: number): void {
  let left: unknown[] | undefined;
  for (const name in variables) {
    const value = variables[name];
    if (typeof value === 'object' && value !== null) (left ??= []).push(value);
  }
  // Most variables are scalars: nothing was made for them.
  if (left === undefined) return;
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value) && value.length > max) {
      throw new LimitExceededError(`A list in the variables holds ${value.length} items`, {
        limit: 'listSize',
        max,
        counted: value.length,
      });
    }
    for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) left.push(child);
  }
}
