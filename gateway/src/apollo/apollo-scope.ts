import type { Identity } from '@loomgraph/auth';
import type { AnswerReport } from '../execution/engine.js';
import { openRequestScope, type RequestScope } from '../request/request-scope.js';

/** A request that Apollo Server answers; its plugins fill in what the own front has from the engine's report. */
export interface ApolloScope extends RequestScope {
  identity: Identity | null;
  /** Set once the operation is known to be valid, so that nobody can fill the metrics with invented names. */
  operationName: string | undefined;
  operationKind: AnswerReport['operationKind'];
  outcome: AnswerReport['outcome'];
  readonly errorCodes: Set<string>;
  refusal: AnswerReport['refusal'];
  /** What the engine has for the head of the answer: rate limits, sync token. */
  headers: Readonly<Record<string, string>> | undefined;
}

export function openApolloScope(headers: Parameters<typeof openRequestScope>[0]): ApolloScope {
  return {
    ...openRequestScope(headers),
    identity: null,
    operationName: undefined,
    operationKind: undefined,
    outcome: 'error',
    errorCodes: new Set(),
    refusal: undefined,
    headers: undefined,
  };
}

export function reportOfScope({ operationName, operationKind, outcome, errorCodes, refusal }: ApolloScope): AnswerReport {
  return { operationName, operationKind, outcome, errorCodes: [...errorCodes], refusal };
}
