import { LoomError } from '@loomgraph/core';
import type { CompositionProblem } from './supergraph/compose.js';

/** One mistake can make dozens of paths unsatisfiable; the first few say all there is to say. */
const SHOWN_PROBLEMS = 8;

/** No usable answer came from a subgraph. The message is for clients; why is in `cause`, for the log. */
export class SubgraphUnavailableError extends LoomError {
  readonly subgraph: string;

  /** @param options `details` are shown to the client */
  constructor(subgraph: string, reason: string, { details, ...options }: { cause?: unknown; details?: LoomError['details'] } = {}) {
    super('SUBGRAPH_UNAVAILABLE', `Subgraph "${subgraph}" does not answer; retry later.`, {
      cause: new Error(reason, options),
      ...(details === undefined ? {} : { details }),
    });
    this.subgraph = subgraph;
  }

  /** One line for the operator: `connect ECONNREFUSED 127.0.0.1:4001`, `answered 502 with text/html`. */
  get reason(): string {
    return this.cause instanceof Error ? this.cause.message : this.message;
  }
}

/** The subgraphs do not fit together and there is no earlier supergraph to keep serving. */
export class CompositionError extends Error {
  readonly problems: readonly CompositionProblem[];

  constructor(problems: readonly CompositionProblem[]) {
    const shown = problems.slice(0, SHOWN_PROBLEMS).map(({ text }) => `  ${text}`);
    const more = problems.length > shown.length ? [`  and ${problems.length - shown.length} more`] : [];
    super(['The subgraphs do not compose:', ...shown, ...more].join('\n'));
    this.name = 'CompositionError';
    this.problems = problems;
  }
}

/** A subgraph answered, but not what it was asked. The message is for clients; what is wrong is in `cause`, for the log. */
export class SubgraphAnswerError extends LoomError {
  constructor(
    readonly subgraph: string,
    reason: string,
  ) {
    super('SUBGRAPH_ANSWER_INVALID', `Subgraph "${subgraph}" gave an answer that does not fit what it was asked.`, {
      cause: new Error(reason),
    });
  }
}
