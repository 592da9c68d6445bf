import { LoomError, type ErrorCode } from '@loomgraph/core';

/** What can be too much of a request; the label `reason` of `gateway_refusals_total`, and `limit` in the details of the error. */
export const limitNames = [
  'bodyBytes',
  'bodyTime',
  'jsonDepth',
  'batchSize',
  'tokens',
  'nesting',
  'operations',
  'fragments',
  'depth',
  'selections',
  'aliases',
  'rootFields',
  'directives',
  'listSize',
  'merging',
  'planTime',
  'planMemory',
  'cost',
  'budget',
] as const;
export type LimitName = (typeof limitNames)[number];

export interface Excess {
  readonly limit: LimitName;
  /** The most that is allowed. */
  readonly max: number;
  /** What was counted; where counting ended early, a number that is too much already. Undefined where it was not counted to the end. */
  readonly counted?: number | undefined;
  /** OPERATION_TOO_COMPLEX where left out. */
  readonly code?: ErrorCode;
}

/** A request is too large in some way. The message, for clients, says which limit that is and what was counted. */
export class LimitExceededError extends LoomError {
  readonly limit: LimitName;
  /** For the answer. */
  readonly headers: Readonly<Record<string, string>> | undefined = undefined;

  /** `what`: the sentence up to "; at most … are allowed". */
  constructor(what: string, { limit, max, counted, code = 'OPERATION_TOO_COMPLEX' }: Excess, options: { readonly cause?: unknown } = {}) {
    super(code, `${what}; at most ${max} are allowed.`, {
      details: { limit, max, ...(counted === undefined ? {} : { counted }) },
      ...options,
    });
    this.limit = limit;
  }
}
