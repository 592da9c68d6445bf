import type { ApolloServerPlugin } from '@apollo/server';
import type { ErrorCode } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import { GraphQLError } from 'graphql';
import type { ApolloScope } from './apollo-scope.js';

/** Refuses operations nobody executes, and notes in the request's scope which operation it was and how it ended. */
export function createOperationPlugin(deps: {
  readonly logger: Logger;
  readonly currentScope: () => ApolloScope | undefined;
}): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, request, schema }) {
          // Apollo Server leaves these to the executor, which could no longer answer them with their status.
          if (!operation) throw unknownOperation(request.operationName);
          const { operation: type } = operation;
          if (!schema.getRootType(type)) throw refused('GRAPHQL_VALIDATION_FAILED', `The schema has no ${type}s.`);
          if (type === 'subscription') throw refused('BAD_REQUEST', 'Subscriptions are not served here.');
          const scope = deps.currentScope();
          if (!scope) return;
          scope.operationKind = type;
          if (operation.name) scope.operationName = operation.name.value;
        },
        async willSendResponse({ response }) {
          const scope = deps.currentScope();
          if (!scope || response.body.kind !== 'single') return;
          const { data, errors } = response.body.singleResult;
          if (!errors || errors.length === 0) scope.outcome = 'success';
          else scope.outcome = data && Object.values(data).some((value) => value !== null) ? 'partial' : 'error';
        },
      };
    },
    async unexpectedErrorProcessingRequest({ error }) {
      deps.logger.error('Request crashed', { requestId: deps.currentScope()?.requestId, error });
    },
  };
}

function unknownOperation(name: string | null | undefined): GraphQLError {
  const message = name ? `Unknown operation named "${name}".` : 'The document holds several operations: send operationName.';
  return refused('OPERATION_RESOLUTION_FAILURE', message);
}

function refused(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
