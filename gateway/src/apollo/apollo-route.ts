import type { AsyncLocalStorage } from 'node:async_hooks';
import { HeaderMap, type ApolloServer, type HTTPGraphQLRequest } from '@apollo/server';
import type { Identity } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { continueTrace, type Logger } from '@loomgraph/telemetry';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { openApolloScope, reportOfScope, type ApolloScope } from './apollo-scope.js';
import type { ClientAddress } from '../request/client-address.js';
import { challengeOf, type Identify } from '../request/identity.js';
import type { RequestReport } from '../telemetry/request-report.js';
import { sendHttpError } from '../http/app.js';
import { GRAPHQL_PATH } from '../http/graphql-path.js';
import type { InFlight } from '../http/in-flight.js';
import { LANDING_PAGE_HEADERS } from '../http/landing-page.js';

export interface ApolloRouteDeps {
  readonly apollo: ApolloServer;
  /** Where a request came from; subgraphs are told. */
  readonly clientAddress?: ClientAddress;
  readonly identify: Identify;
  readonly scopes: AsyncLocalStorage<ApolloScope>;
  readonly report: RequestReport;
  readonly inFlight: InFlight;
  readonly isDraining: () => boolean;
  readonly logger: Logger;
}

/** The scope of each request, for the hooks, which run outside the handler's async context. */
const scopeOf = new WeakMap<FastifyRequest, ApolloScope>();

/** `POST` and `GET /graphql` through Apollo Server, for its plugins: scope, identity, execution, report. */
export function registerApolloRoute(app: FastifyInstance, deps: ApolloRouteDeps): void {
  const answer = async (scope: ApolloScope, request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const { status, headers, body } = await deps.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request),
      // Becomes the context of every fetch of the query plan, see engine-gateway.ts.
      context: async () => {
        scope.identity = await identifyForApollo(request, deps.identify);
        const { identity, requestId, traceparent } = scope;
        return { identity, requestId, traceparent, clientAddress: deps.clientAddress?.(request.raw) };
      },
    });
    if (body.kind !== 'complete') throw new Error('Apollo Server is given no executor that answers incrementally.');
    reply.code(status ?? 200);
    for (const [name, value] of headers) reply.header(name, value);
    reply.headers(scope.headers ?? {});
    return body.string;
  };

  app.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: GRAPHQL_PATH,
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      const scope = openApolloScope(request.headers);
      scopeOf.set(request, scope);
      deps.inFlight.track(reply.raw);
      reply.raw.once('close', () => {
        if (isPage(reply)) return;
        const wasAborted = !reply.raw.writableFinished;
        deps.report({ scope, answer: reportOfScope(scope), method: request.method, status: reply.statusCode, wasAborted });
      });
      reply.header('x-request-id', scope.requestId);
      // A client on a kept-alive connection would otherwise never notice the shutdown.
      if (deps.isDraining()) reply.header('connection', 'close');
    },
    onSend: async (_request, reply, payload) => {
      if (isPage(reply)) reply.headers(LANDING_PAGE_HEADERS);
      return payload;
    },
    errorHandler(error: FastifyError, request, reply) {
      const scope = scopeOfRequest(request);
      scope.errorCodes.add(sendHttpError({ error, reply, logger: deps.logger, requestId: scope.requestId }));
    },
    handler(request, reply) {
      const scope = scopeOfRequest(request);
      return deps.scopes.run(scope, () => continueTrace(scope.traceparent, () => answer(scope, request, reply)));
    },
  });
}

/** A caller who cannot be identified ends the request; Apollo Server takes status and headers from the error's extensions. */
async function identifyForApollo({ headers }: FastifyRequest, identify: Identify): Promise<Identity | null> {
  try {
    return await identify(headers);
  } catch (error) {
    if (!(error instanceof LoomError)) throw error;
    const http = { status: error.entry.status, headers: new HeaderMap(Object.entries(challengeOf(error))) };
    // Typed here because GraphiQL's package widens graphql's own type of extensions with a different `http`.
    const extensions: Record<string, unknown> = { code: error.code, details: error.details, http };
    throw new GraphQLError(error.message, { originalError: error, extensions });
  }
}

/**
 * What `@as-integrations/fastify` does too, except that it builds a URL from the `Host` header: its version 3.1 answers 500 where
 * the header is missing (HTTP/1.0 probes) or malformed. Only the query string is needed.
 */
function toApolloRequest(request: FastifyRequest): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const queryStart = request.url.indexOf('?');
  return { method: request.method, headers, search: queryStart === -1 ? '' : request.url.slice(queryStart), body: request.body };
}

/** The landing page comes from the same URL and is no operation. */
function isPage(reply: FastifyReply): boolean {
  return String(reply.getHeader('content-type') ?? '').startsWith('text/html');
}

function scopeOfRequest(request: FastifyRequest): ApolloScope {
  const scope = scopeOf.get(request);
  if (!scope) throw new Error('The scope is opened by the onRequest hook of this route.');
  return scope;
}
