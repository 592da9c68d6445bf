import type { ErrorMasker } from '../../request/mask-errors.js';
import type { CompiledOperation } from '../compiled-operation.js';
import type { EngineAnswer } from '../engine.js';
import type { Generation } from '../generation.js';
import type { OperationJob } from '../run-operation.js';
import { answerInParts } from './answer-in-parts.js';

export interface DeferredJob extends Omit<OperationJob, 'onFirstAnswer'> {
  readonly generation: Generation;
  readonly mask: ErrorMasker;
}

/** Answers an operation in parts; undefined where it is to be answered whole. @throws LoomError, by rejection */
export async function answerDeferred({ generation, mask, ...job }: DeferredJob): Promise<EngineAnswer | undefined> {
  const { operation, variables, overrides, request, watch } = job;
  const deferred = await generation.deferred.find(operation, variables, overrides);
  if (deferred === undefined) return undefined;
  const context = { requestId: request.caller.requestId, operationName: operation.name };
  // The generation serves until the last part is there.
  generation.begin();
  const answer = await answerInParts({
    operation: deferred,
    variables,
    request,
    watch,
    show: (error) => mask(error, context),
    onEnd: () => generation.end(),
  });
  const errorCodes = [...new Set(answer.errors.map(({ extensions }) => String(extensions?.['code'])))];
  const outcome = answer.errors.length === 0 ? 'success' : answer.data === 'null' ? 'error' : 'partial';
  const report = { ...reportOf(operation), outcome, errorCodes } as const;
  if (answer.parts !== undefined) return { kind: 'incremental', parts: answer.parts, report };
  const errors = answer.errors.length === 0 ? '' : `"errors":${JSON.stringify(answer.errors)},`;
  return { kind: 'executed', body: `{${errors}"data":${answer.data}}`, isAscii: false, report };
}

function reportOf({ name, kind }: CompiledOperation): { readonly operationName: string | undefined; readonly operationKind: typeof kind } {
  return { operationName: name, operationKind: kind };
}
