import type { ApolloServerPlugin } from '@apollo/server';

/** Codes of operations that were refused although the request was well-formed. */
const REFUSED_OPERATIONS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
]);

/**
 * Answers a refused operation with 200 where the client names `application/json` alone: for it, any other status means that no GraphQL
 * server answered (GraphQL over HTTP, draft of 2025, §6.4.1). Apollo Server answers 400 to every client.
 */
export const legacyStatus: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, errors }) {
        const accept = request.http?.headers.get('accept') ?? '';
        const isLegacy = accept.includes('application/json') && !accept.includes('application/graphql-response+json');
        const isRefused = errors?.every(({ extensions }) => REFUSED_OPERATIONS.has(extensions['code'])) ?? false;
        if (isLegacy && isRefused && response.http.status === 400) response.http.status = 200;
      },
    };
  },
};
