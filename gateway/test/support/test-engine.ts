import { execute, getOperationAST, getVariableValues, GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { AnswerReport, Engine, EngineAnswer, EngineRequest } from '../../src/execution/engine.js';

const ASCII = /^[\0-\x7F]*$/;

/** An engine over graphql-js and one schema: as the real one, without any subgraph. Resolvers get the request as their context. */
export function createTestEngine(schema: GraphQLSchema): Engine {
  return {
    async execute(request): Promise<EngineAnswer> {
      const { query, operationName, variables, readOnly, caller } = request;
      const refused = (status: number, code: string, errors: readonly GraphQLError[]): EngineAnswer => ({
        kind: 'refused',
        status,
        errors: errors.map((error) => ({ ...error.toJSON(), extensions: { code, requestId: caller.requestId } })),
        report: { operationName: undefined, operationKind: undefined, outcome: 'error', errorCodes: [code] },
      });
      let document: DocumentNode;
      try {
        document = parse(query);
      } catch (error) {
        return refused(400, 'GRAPHQL_PARSE_FAILED', [error as GraphQLError]); // the only error `parse` throws
      }
      const mistakes = validate(schema, document);
      if (mistakes.length > 0) return refused(400, 'GRAPHQL_VALIDATION_FAILED', mistakes);
      const operation = getOperationAST(document, operationName);
      if (!operation) return refused(400, 'OPERATION_RESOLUTION_FAILURE', [new GraphQLError('Unknown operation.')]);
      if (readOnly && operation.operation !== 'query') return refused(405, 'BAD_REQUEST', [new GraphQLError('GET may only read.')]);
      const { errors: coercion } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
      if (coercion) return refused(400, 'BAD_USER_INPUT', coercion);
      const result = await execute({ schema, document, operationName, variableValues: variables, contextValue: request });
      const body = JSON.stringify(result);
      const report: AnswerReport = {
        operationName: operation.name?.value,
        operationKind: operation.operation,
        outcome: result.errors === undefined ? 'success' : 'partial',
        errorCodes: result.errors?.map(({ extensions }) => String(extensions['code'])) ?? [],
      };
      return { kind: 'executed', body, isAscii: ASCII.test(body), report };
    },
  };
}

/** An engine that answers everything alike, and keeps what it was asked. */
export function createScriptedEngine(answer: (request: EngineRequest) => EngineAnswer | Promise<EngineAnswer>): Engine & {
  readonly requests: EngineRequest[];
} {
  const requests: EngineRequest[] = [];
  return {
    requests,
    async execute(request) {
      requests.push(request);
      return answer(request);
    },
  };
}

export const QUERY_REPORT: AnswerReport = { operationName: undefined, operationKind: 'query', outcome: 'success', errorCodes: [] };

export function executed(body: string): EngineAnswer {
  return { kind: 'executed', body, isAscii: ASCII.test(body), report: QUERY_REPORT };
}
