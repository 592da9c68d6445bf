import { errorCatalogue, LoomError, type ErrorCode, type ErrorCodeEntry } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

const MASKED_CODE: ErrorCode = 'INTERNAL_SERVER_ERROR';
const MASKED_MESSAGE = 'Internal server error';
const SERVER_FAULT_STATUS = 500;

/** An error as it was raised; a `GraphQLError`, or an error of a subgraph's answer, has this shape. */
export interface RaisedError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly locations?: GraphQLFormattedError['locations'] | undefined;
  /** `code` and `details` are what the client may see of them; `serviceName` names the subgraph it came from. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
  /** What was thrown, for the log; the code of a `LoomError` counts where `extensions` hold none. */
  readonly originalError?: unknown;
}

/** The request an error belongs to. */
export interface ErrorContext {
  readonly requestId?: string | undefined;
  readonly operationName?: string | undefined;
}

export type ErrorMasker = (error: RaisedError, context: ErrorContext) => GraphQLFormattedError;

/**
 * Decides what clients see of an error.
 *
 * 1. A code the catalogue exposes to clients passes with its message and `details`; every other error becomes
 *    `INTERNAL_SERVER_ERROR`, "Internal server error".
 * 2. Extensions are `code`, `requestId`, `subgraph` and `details`, whatever the error carried.
 * 3. What is masked, or is the fault of a store or subgraph, is logged with its cause under the request id; mistakes of the caller
 *    are only counted.
 */
export function createErrorMasker(deps: { readonly logger: Logger }): ErrorMasker {
  return (error, { requestId, operationName }) => {
    const cause = rootCauseOf(error.originalError ?? error);
    const loomError = cause instanceof LoomError ? cause : undefined;
    const extensions = error.extensions ?? {};
    const raisedCode = typeof extensions['code'] === 'string' ? extensions['code'] : loomError?.code;
    const entry = raisedCode === undefined ? undefined : entryOf(raisedCode);
    const isExposed = entry?.exposure === 'client';
    const code = isExposed && raisedCode !== undefined ? raisedCode : MASKED_CODE;
    const subgraph = typeof extensions['serviceName'] === 'string' ? extensions['serviceName'] : undefined;
    const details = extensions['details'] ?? detailsOf(loomError);

    const level = !isExposed ? 'error' : entry.status >= SERVER_FAULT_STATUS ? 'warn' : undefined;
    if (level !== undefined) {
      deps.logger[level](isExposed ? 'Field failed' : 'Masked error', {
        requestId,
        operationName,
        subgraph,
        path: error.path?.join('.'),
        code: raisedCode,
        error: cause,
      });
    }
    return {
      message: isExposed ? error.message : MASKED_MESSAGE,
      ...(error.locations === undefined ? {} : { locations: error.locations }),
      ...(error.path === undefined ? {} : { path: error.path }),
      extensions: {
        code,
        ...(requestId === undefined ? {} : { requestId }),
        ...(subgraph === undefined ? {} : { subgraph }),
        ...(isExposed && details !== undefined ? { details } : {}),
      },
    };
  };
}

function detailsOf(error: LoomError | undefined): LoomError['details'] | undefined {
  return error !== undefined && Object.keys(error.details).length > 0 ? error.details : undefined;
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
