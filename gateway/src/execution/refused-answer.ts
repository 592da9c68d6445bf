import { errorCatalogue, LoomError, type ErrorCode } from '@loomgraph/core';
import type { ErrorMasker, RaisedError } from '../request/mask-errors.js';
import type { CompiledOperation } from './compiled-operation.js';
import type { EngineAnswer, EngineRequest } from './engine.js';
import { OperationRefused } from './generation.js';

/** The answer to an operation that was not executed, by what was thrown on the way. */
export function refusedAnswer(options: {
  readonly error: unknown;
  readonly request: EngineRequest;
  readonly operation: CompiledOperation | undefined;
  readonly mask: ErrorMasker;
}): EngineAnswer {
  const { error, request, operation, mask } = options;
  const { code, status, raised } = describe(error);
  const context = { requestId: request.caller.requestId, operationName: operation?.name };
  return {
    kind: 'refused',
    status,
    ...(status === 405 ? { headers: { allow: 'POST' } } : {}),
    errors: raised.map((one) => mask(one, context)),
    report: { operationName: operation?.name, operationKind: operation?.kind, outcome: 'error', errorCodes: [code] },
  };
}

function describe(error: unknown): { readonly code: ErrorCode; readonly status: number; readonly raised: readonly RaisedError[] } {
  if (error instanceof OperationRefused) {
    const { code, status } = error;
    return { code, status, raised: error.errors.map(({ message, locations }) => ({ message, locations, extensions: { code } })) };
  }
  const code = error instanceof LoomError ? error.code : 'INTERNAL_SERVER_ERROR';
  const message = error instanceof Error ? error.message : String(error);
  return { code, status: errorCatalogue[code].status, raised: [{ message, extensions: { code }, originalError: error }] };
}
