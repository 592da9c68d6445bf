import { errorCatalogue, type ErrorCode } from '@loomgraph/core';
import type { GraphQLFormattedError } from 'graphql';
import type { EngineAnswer } from '../execution/engine.js';
import type { RefusalReason } from './limits/refusal-reason.js';

/** An answer to a request that is not executed. */
export type Refusal = Extract<EngineAnswer, { readonly kind: 'refused' }>;

/** Refuses a request for one reason; the status is the code's own where none is given. */
export function refuse(options: {
  readonly requestId: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Facts for the client. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Which limit or guard it is. */
  readonly reason?: RefusalReason | undefined;
}): Refusal {
  const { requestId, code, message, status = errorCatalogue[code].status, headers, details, reason } = options;
  return refuseWith({
    error: { message, extensions: { code, requestId, ...(details === undefined ? {} : { details }) } },
    status,
    headers,
    reason,
  });
}

/** Refuses a request with an error that is fit for clients. */
export function refuseWith(options: {
  readonly error: GraphQLFormattedError;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly reason?: RefusalReason | undefined;
}): Refusal {
  const { error, status, headers, reason } = options;
  const errorCodes = [String(error.extensions?.['code'])];
  return {
    kind: 'refused',
    status,
    ...(headers === undefined ? {} : { headers }),
    errors: [error],
    report: { operationName: undefined, operationKind: undefined, outcome: 'error', errorCodes, refusal: reason },
  };
}
