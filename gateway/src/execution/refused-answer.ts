import { errorCatalogue, LoomError, type ErrorCode } from '@loomgraph/core';
import { LimitExceededError } from '../request/limits/limit-exceeded.js';
import type { ErrorMasker, RaisedError } from '../request/mask-errors.js';
import type { CompiledOperation } from './compiled-operation.js';
import type { EngineAnswer, EngineRequest } from './engine.js';
import { OperationRefused } from './operation-refused.js';

/** What HTTP wants said with a status (RFC 9110 §15.5.2, §15.5.6). */
const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer' },
  405: { allow: 'POST' },
};

/** The answer to an operation that was not executed, by what was thrown on the way. */
export function refusedAnswer(options: {
  readonly error: unknown;
  readonly request: EngineRequest;
  readonly operation: CompiledOperation | undefined;
  readonly mask: ErrorMasker;
}): EngineAnswer {
  const { error, request, operation, mask } = options;
  const { code, status, raised } = describe(error);
  const headers = (error instanceof LimitExceededError ? error.headers : undefined) ?? HEADERS[status];
  const limit = error instanceof LimitExceededError ? error.limit : undefined;
  const context = { requestId: request.caller.requestId, operationName: operation?.name };
  return {
    kind: 'refused',
    status,
    ...(headers === undefined ? {} : { headers }),
    errors: raised.map((one) => mask(one, context)),
    report: { operationName: operation?.name, operationKind: operation?.kind, outcome: 'error', errorCodes: [code], refusal: limit },
  };
}

function describe(error: unknown): { readonly code: ErrorCode; readonly status: number; readonly raised: readonly RaisedError[] } {
  if (error instanceof OperationRefused) {
    const { code, status } = error;
    return {
      code,
      status,
      raised: error.errors.map(({ message, locations, path }) => ({ message, locations, path, extensions: { code } })),
    };
  }
  const code = error instanceof LoomError ? error.code : 'INTERNAL_SERVER_ERROR';
  const message = error instanceof Error ? error.message : String(error);
  return { code, status: errorCatalogue[code].status, raised: [{ message, extensions: { code }, originalError: error }] };
}
