import { errorCatalogue, LoomError, StoreError, type ErrorCode } from '@loomgraph/core';
import { GraphQLError, type ExecutionResult } from 'graphql';

/**
 * Maps whatever a resolver threw onto an error with `extensions.code`. Internal errors keep their message here: the gateway masks
 * them for clients after it has logged them under the request id.
 */
export function toGraphQLError(error: GraphQLError): GraphQLError {
  const original = rootCause(error);
  const mapped = describe(original);
  if (!mapped) return error;
  return new GraphQLError(mapped.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    originalError: original,
    extensions: { ...error.extensions, code: mapped.code, exposure: errorCatalogue[mapped.code].exposure, ...mapped.details },
  });
}

export function formatExecutionErrors(result: ExecutionResult): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map(toGraphQLError) } : result;
}

function rootCause(error: GraphQLError): Error | undefined {
  let current: Error | undefined = error.originalError ?? undefined;
  while (current instanceof GraphQLError && current.originalError) current = current.originalError;
  return current;
}

function describe(original: Error | undefined): { code: ErrorCode; message: string; details?: object } | undefined {
  if (!original || original instanceof GraphQLError) return undefined;
  // A driver's words name hosts and statements: the client gets ours, the log has the cause.
  if (original instanceof StoreError) return { code: original.code, message: errorCatalogue[original.code].description };
  if (original instanceof LoomError) {
    return {
      code: original.code,
      message: original.message,
      ...(Object.keys(original.details).length ? { details: { details: original.details } } : {}),
    };
  }
  return { code: 'INTERNAL_SERVER_ERROR', message: original.message };
}
