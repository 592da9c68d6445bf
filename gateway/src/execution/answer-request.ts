import { LoomError } from '@loomgraph/core';
import { getVariableValues, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { ErrorMasker, RaisedError } from '../request/mask-errors.js';
import { callerKey, createCoalescing } from './coalescing.js';
import type { CompiledOperation, WrittenAnswer } from './compiled-operation.js';
import type { AnswerReport, EngineAnswer, EngineRequest } from './engine.js';
import { internalError } from './fetch-call.js';
import { OperationRefused, type Generation } from './generation.js';
import { OperationRun } from './operation-run.js';
import { refusedAnswer } from './refused-answer.js';

const MAX_VARIABLE_ERRORS = 20;
const NO_VARIABLES: Readonly<Record<string, unknown>> = Object.freeze({});

/** What one execution came to, before its errors are written for a caller. */
interface Execution {
  readonly answer: WrittenAnswer;
  readonly errors: readonly RaisedError[];
  readonly hasData: boolean;
}

export interface Answers {
  answer(generation: Generation, request: EngineRequest): Promise<EngineAnswer>;
}

/** The way of a request through a generation: operation, variables, plan, execution, text. */
export function createAnswers(deps: { readonly mask: ErrorMasker; readonly settings: { readonly coalescing: boolean } }): Answers {
  const { mask, settings } = deps;
  const coalescing = createCoalescing<Execution>();

  const executeShared = async (generation: Generation, operation: CompiledOperation, request: EngineRequest): Promise<Execution> => {
    const variables = coerceVariables(generation, operation, request);
    const overrides = generation.chooseOverrides(request.caller);
    if (operation.kind !== 'query' || !settings.coalescing) {
      const execution = execute(operation, overrides, variables, request, undefined);
      if (operation.kind === 'mutation') execution.then(coalescing.mutationEnded, coalescing.mutationEnded);
      return execution;
    }
    const values = operation.hasVariables ? JSON.stringify(variables) : '';
    const key = `${operation.text}\n${values}\n${overrides.cacheKeySuffix}\n${callerKey(request.caller)}`;
    const running = coalescing.join(key);
    if (running !== undefined) return running;
    let close: (() => void) | undefined;
    const execution = execute(operation, overrides, variables, request, () => close?.());
    close = coalescing.open(key, execution);
    execution.then(close, close);
    return execution;
  };

  return {
    async answer(generation, request) {
      let operation: CompiledOperation | undefined;
      generation.begin();
      try {
        operation =
          generation.find(request.query, request.operationName) ?? (await generation.prepare(request.query, request.operationName));
        assertServed(operation, request);
        return finish(operation, await executeShared(generation, operation, request), request, mask);
      } catch (error) {
        return refusedAnswer({ error, request, operation, mask });
      } finally {
        generation.end();
      }
    },
  };
}

function assertServed({ kind }: CompiledOperation, { readOnly }: EngineRequest): void {
  if (kind === 'subscription') throw new LoomError('BAD_REQUEST', 'Subscriptions are not served here.');
  if (kind === 'mutation' && readOnly) {
    throw new OperationRefused('BAD_REQUEST', [new GraphQLError('GET requests only read: send mutations with POST.')], 405);
  }
}

function coerceVariables(
  generation: Generation,
  operation: CompiledOperation,
  { variables = NO_VARIABLES }: EngineRequest,
): Readonly<Record<string, unknown>> {
  if (!operation.hasVariables) return NO_VARIABLES;
  const definitions = operation.operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(generation.apiSchema, definitions, variables, { maxErrors: MAX_VARIABLE_ERRORS });
  if (errors !== undefined) throw new OperationRefused('BAD_USER_INPUT', errors);
  return operation.planned.withPlannedNames(coerced);
}

async function execute(
  operation: CompiledOperation,
  overrides: Parameters<CompiledOperation['findStep']>[0],
  variables: Readonly<Record<string, unknown>>,
  { caller, variables: rawVariables }: EngineRequest,
  onFirstAnswer: (() => void) | undefined,
): Promise<Execution> {
  const found = operation.findStep(overrides);
  const step = found instanceof Promise ? await found : found;
  const run = new OperationRun(variables, caller, onFirstAnswer, undefined);
  if (step !== undefined) await new Promise<void>((resolve) => step(run, resolve));
  let answer: WrittenAnswer;
  try {
    answer = operation.write(run, rawVariables);
  } catch (error) {
    run.errors.push(internalError(error));
    answer = { data: 'null', isAscii: false };
  }
  const hasData = run.errors.length === 0 || Object.values(run.data).some((value) => value !== null && value !== undefined);
  return { answer, errors: run.errors, hasData: hasData && answer.data !== 'null' };
}

function finish(
  operation: CompiledOperation,
  { answer, errors, hasData }: Execution,
  { caller }: EngineRequest,
  mask: ErrorMasker,
): EngineAnswer {
  const report = (outcome: AnswerReport['outcome'], errorCodes: readonly string[]): AnswerReport => ({
    operationName: operation.name,
    operationKind: operation.kind,
    outcome,
    errorCodes,
  });
  if (errors.length === 0) {
    return { kind: 'executed', body: `{"data":${answer.data}}`, isAscii: answer.isAscii, report: report('success', NO_CODES) };
  }
  const context = { requestId: caller.requestId, operationName: operation.name };
  const shown: GraphQLFormattedError[] = errors.map((error) => mask(error, context));
  return {
    kind: 'executed',
    body: `{"errors":${JSON.stringify(shown)},"data":${answer.data}}`,
    isAscii: false,
    report: report(hasData ? 'partial' : 'error', [...new Set(shown.map(({ extensions }) => String(extensions?.['code'])))]),
  };
}

const NO_CODES: readonly string[] = [];
