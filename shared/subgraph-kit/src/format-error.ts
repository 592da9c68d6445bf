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
    extensions: { ...publicExtensions(error), code: mapped.code, exposure: errorCatalogue[mapped.code].exposure, ...mapped.details },
  });
}

export function formatExecutionErrors(result: ExecutionResult): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map(toGraphQLError) } : result;
}

/** The validator's own tree repeats the input and names its classes: the message has what the client needs of it. */
function publicExtensions({ extensions: { validationErrors: _tree, ...rest } }: GraphQLError): Record<string, unknown> {
  return rest;
}

function rootCause(error: GraphQLError): Error | undefined {
  let current: Error | undefined = error.originalError ?? undefined;
  while (current instanceof GraphQLError && current.originalError) current = current.originalError;
  return current;
}

function describe(original: Error | undefined): { code: ErrorCode; message: string; details?: object } | undefined {
  if (!original) return undefined;
  const constraints = validationProblems(original);
  if (constraints) return { code: 'BAD_USER_INPUT', message: constraints.join('; ') };
  if (original instanceof GraphQLError) return undefined;
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

interface ValidationProblem {
  property: string;
  constraints?: Record<string, string>;
  children?: ValidationProblem[];
}

/** type-graphql throws `ArgumentValidationError` with class-validator's tree: every broken rule in one message. */
function validationProblems(error: Error): string[] | undefined {
  const tree = (error as { extensions?: { validationErrors?: ValidationProblem[] } }).extensions?.validationErrors;
  if (!tree) return undefined;
  const flatten = (problem: ValidationProblem): string[] => [
    ...Object.values(problem.constraints ?? {}),
    ...(problem.children ?? []).flatMap(flatten),
  ];
  return tree.flatMap(flatten);
}
