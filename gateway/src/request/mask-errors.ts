import { errorCatalogue, type ErrorCode, type ErrorCodeEntry } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { RequestScope } from './request-scope.js';

const MASKED_CODE: ErrorCode = 'INTERNAL_SERVER_ERROR';
const MASKED_MESSAGE = 'Internal server error';
const SERVER_FAULT_STATUS = 500;

/** Apollo Server's `formatError`: the error as it would be answered, and as it was raised. */
export type ErrorFormatter = (formatted: GraphQLFormattedError, raised: unknown) => GraphQLFormattedError;

/**
 * Decides what clients see of an error.
 *
 * 1. A code the catalogue exposes to clients passes with its message and `details`; every other error becomes
 *    `INTERNAL_SERVER_ERROR`, "Internal server error".
 * 2. Extensions are `code`, `requestId`, `subgraph` and `details`, whatever the error carried.
 * 3. What is masked, or is the fault of a store or subgraph, is logged with its cause under the request id; mistakes of the caller
 *    are only counted.
 */
export function createErrorFormatter(deps: {
  readonly logger: Logger;
  readonly currentScope: () => RequestScope | undefined;
}): ErrorFormatter {
  return (formatted, raised) => {
    const scope = deps.currentScope();
    const extensions = formatted.extensions ?? {};
    const code = codeOf(formatted, raised);
    const entry = code === undefined ? undefined : entryOf(code);
    const isExposed = entry?.exposure === 'client';
    const answeredCode = isExposed && code !== undefined ? code : MASKED_CODE;
    const subgraph = typeof extensions['serviceName'] === 'string' ? extensions['serviceName'] : undefined;

    scope?.errorCodes.add(answeredCode);
    const level = !isExposed ? 'error' : entry.status >= SERVER_FAULT_STATUS ? 'warn' : undefined;
    if (level !== undefined) {
      deps.logger[level](isExposed ? 'Field failed' : 'Masked error', {
        requestId: scope?.requestId,
        operationName: scope?.operationName,
        subgraph,
        path: formatted.path?.join('.'),
        code: extensions['code'],
        error: rootCauseOf(raised),
      });
    }
    return {
      message: isExposed ? formatted.message : MASKED_MESSAGE,
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: {
        code: answeredCode,
        ...(scope === undefined ? {} : { requestId: scope.requestId }),
        ...(subgraph === undefined ? {} : { subgraph }),
        ...(isExposed && extensions['details'] !== undefined ? { details: extensions['details'] } : {}),
      },
    };
  };
}

/** Apollo refuses some requests (an APQ hash that does not match, an unknown APQ version) with a 4xx status and no code. */
function codeOf(formatted: GraphQLFormattedError, raised: unknown): string | undefined {
  if (raised instanceof GraphQLError && raised.extensions['code'] === undefined) {
    const status = raised.extensions['http']?.status;
    if (status !== undefined && status >= 400 && status < SERVER_FAULT_STATUS) return 'BAD_REQUEST';
  }
  const code = formatted.extensions?.['code'];
  return typeof code === 'string' ? code : undefined;
}

function entryOf(code: string): ErrorCodeEntry | undefined {
  return Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code as ErrorCode] : undefined;
}

/** Each layer wraps an error in one of its own; what helps is the innermost, which has the stack of where it happened. */
function rootCauseOf(raised: unknown): unknown {
  let current = raised;
  while (current instanceof GraphQLError && current.originalError) current = current.originalError;
  return current;
}
