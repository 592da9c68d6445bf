import { LoomError } from '@loomgraph/core';
import { CompositionError } from '../errors.js';
import { formatProblems } from '../supergraph/format-problems.js';

/** Runs what composes at start; a failure becomes a page for the operator instead of a stack. */
export async function explainComposition<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error;
    throw new LoomError('CONFIG_INVALID', `The subgraphs do not compose:\n\n${formatProblems(error.problems)}`, { cause: error });
  }
}
