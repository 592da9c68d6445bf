import type { AsyncLocalStorage } from 'node:async_hooks';
import { HeaderMap, type ApolloServer, type HTTPGraphQLRequest } from '@apollo/server';
import type { TokenVerifier } from '@loomgraph/auth';
import { continueTrace } from '@loomgraph/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { identify } from '../request/identity.js';
import { openRequestScope, type RequestScope } from '../request/request-scope.js';
import type { RequestReport } from '../telemetry/request-report.js';
import type { InFlight } from './in-flight.js';
import { LANDING_PAGE_POLICY } from './landing-page.js';

export const GRAPHQL_PATH = '/graphql';

export interface GraphqlRouteDeps {
  readonly apollo: ApolloServer;
  readonly tokenVerifier: TokenVerifier;
  readonly scopes: AsyncLocalStorage<RequestScope>;
  readonly report: RequestReport;
  readonly inFlight: InFlight;
  readonly isDraining: () => boolean;
}

/** The scope of each request, for the hooks and the error handler, which run outside the handler's async context. */
const scopeOf = new WeakMap<FastifyRequest, RequestScope>();

/** `POST` and `GET /graphql`: scope, identity, execution, report. */
export function registerGraphqlRoute(app: FastifyInstance, deps: GraphqlRouteDeps): void {
  const answer = async (scope: RequestScope, request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const { status, headers, body } = await deps.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request),
      // Becomes the context of every fetch of the query plan, see execution/apollo-executor.ts.
      context: async () => {
        scope.identity = await identify(request.headers.authorization, deps.tokenVerifier);
        const { identity, requestId, traceparent } = scope;
        return { identity, requestId, traceparent };
      },
    });
    if (body.kind !== 'complete') throw new Error('No executor here answers incrementally.');
    reply.code(status ?? 200);
    for (const [name, value] of headers) reply.header(name, value);
    return body.string;
  };

  app.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: GRAPHQL_PATH,
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      const scope = openRequestScope(request.headers);
      scopeOf.set(request, scope);
      deps.inFlight.track(reply.raw);
      reply.raw.once('close', () => {
        if (isPage(reply)) return;
        deps.report({ scope, method: request.method, status: reply.statusCode, wasAborted: !reply.raw.writableFinished });
      });
      reply.header('x-request-id', scope.requestId);
      // A client on a kept-alive connection would otherwise never notice the shutdown.
      if (deps.isDraining()) reply.header('connection', 'close');
    },
    onSend: async (_request, reply, payload) => {
      if (isPage(reply)) {
        reply.headers({ 'content-security-policy': LANDING_PAGE_POLICY, 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' });
      }
      return payload;
    },
    handler(request, reply) {
      const scope = scopeOfRequest(request);
      return deps.scopes.run(scope, () => continueTrace(scope.traceparent, () => answer(scope, request, reply)));
    },
  });
}

/** Undefined for requests to other routes. */
export function findRequestScope(request: FastifyRequest): RequestScope | undefined {
  return scopeOf.get(request);
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

function scopeOfRequest(request: FastifyRequest): RequestScope {
  const scope = scopeOf.get(request);
  if (!scope) throw new Error('The scope is opened by the onRequest hook of this route.');
  return scope;
}
