import { LoomError } from '@loomgraph/core';
import type { CompositionProblem } from './problem.js';

const SHOWN_PROBLEMS = 5;

/** The supergraph that was read first cannot be served, and there is no earlier one. A line for each problem, with file and line. */
export class InvalidSupergraphError extends LoomError {
  readonly problems: readonly CompositionProblem[];

  constructor(problems: readonly CompositionProblem[]) {
    const shown = problems.slice(0, SHOWN_PROBLEMS).map(({ text }) => text);
    if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`);
    super('CONFIG_INVALID', `The supergraph cannot be served: ${shown.join('\n  ')}`);
    this.problems = problems;
  }
}
