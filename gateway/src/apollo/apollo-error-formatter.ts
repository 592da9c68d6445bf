import type { ErrorCode } from '@loomgraph/core';
import type { Logger } from '@loomgraph/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { createErrorMasker } from '../request/mask-errors.js';
import type { ApolloScope } from './apollo-scope.js';
import { isAnswered } from './engine-gateway.js';

const FALLBACK_CODE: ErrorCode = 'BAD_REQUEST';

/** Apollo Server's `formatError`: the error as it would be answered, and as it was raised. */
export type ErrorFormatter = (formatted: GraphQLFormattedError, raised: unknown) => GraphQLFormattedError;

/** Masks the errors of Apollo Server, which calls a formatter without telling which request it answers. */
export function createErrorFormatter(deps: {
  readonly logger: Logger;
  readonly currentScope: () => ApolloScope | undefined;
}): ErrorFormatter {
  const mask = createErrorMasker(deps);
  return (formatted, raised) => {
    if (raised instanceof GraphQLError && isAnswered(raised)) return formatted;
    const scope = deps.currentScope();
    const error = { ...formatted, extensions: { ...formatted.extensions, ...codeOf(raised) }, originalError: raised };
    const answered = mask(error, { requestId: scope?.requestId, operationName: scope?.operationName });
    scope?.errorCodes.add(String(answered.extensions?.['code']));
    return answered;
  };
}

/** Apollo refuses some requests (an APQ hash that does not match, an unknown APQ version) with a 4xx status and no code. */
function codeOf(raised: unknown): { readonly code: ErrorCode } | undefined {
  if (!(raised instanceof GraphQLError) || raised.extensions['code'] !== undefined) return undefined;
  const status = raised.extensions['http']?.status;
  return status !== undefined && status >= 400 && status < 500 ? { code: FALLBACK_CODE } : undefined;
}
