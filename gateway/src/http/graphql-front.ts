import type { Logger } from '@loomgraph/telemetry';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { createErrorMasker } from '../request/mask-errors.js';
import { refusalOfError } from '../request/refusal-of-error.js';
import { Exchange, type ExchangeDeps } from './exchange.js';
import { GRAPHQL_PATH } from './graphql-path.js';
import { refusalOfBody, refuseByHead } from './refuse-transport.js';
import { createServeRequest, type ServeDeps } from './serve-request.js';

export interface GraphqlFrontDeps extends ServeDeps, ExchangeDeps {
  readonly logger: Logger;
}

/** Where the exchange is kept between the hooks of a route: a property, since a WeakMap costs as much as the rest of this file. */
const EXCHANGE = Symbol('exchange');
type Opened = FastifyRequest & { [EXCHANGE]: Exchange | null };

/**
 * GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) at `/graphql`, over the engine.
 *
 * Fastify routes the request and reads its body; the rest of its life cycle is left aside, since the answer is text already and is
 * written in one piece.
 */
export function registerGraphqlFront(app: FastifyInstance, deps: GraphqlFrontDeps): void {
  const serve = createServeRequest(deps);
  const mask = createErrorMasker(deps);
  const fail = (exchange: Exchange, error: unknown): void => {
    exchange.refuse(refusalOfError({ error, requestId: exchange.scope.requestId, mask }));
  };

  app.register((scope, _options, done) => {
    scope.decorateRequest(EXCHANGE, null);
    scope.removeAllContentTypeParsers();
    // What is no JSON has been refused by then; the text is parsed where mistakes in it are answered.
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) => parsed(null, body));
    scope.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: GRAPHQL_PATH,
      exposeHeadRoute: false,
      compress: false,
      decompress: false,
      onRequest(request, reply, next) {
        const exchange = new Exchange({ request, reply, deps });
        (request as Opened)[EXCHANGE] = exchange;
        const refusal = refuseByHead(request, exchange.scope.requestId);
        if (refusal === undefined) {
          next();
          return;
        }
        reply.hijack();
        exchange.refuse(refusal);
      },
      errorHandler(error: FastifyError, request, reply) {
        const exchange = exchangeOf(request);
        reply.hijack();
        const options = { requestId: exchange.scope.requestId, maxBodyBytes: request.routeOptions.bodyLimit };
        const refusal = refusalOfBody(error, options);
        if (refusal === undefined) fail(exchange, error);
        else exchange.refuse(refusal);
      },
      handler(request, reply) {
        const exchange = exchangeOf(request);
        reply.hijack();
        serve(exchange).catch((error: unknown) => fail(exchange, error));
      },
    });
    done();
  });
}

function exchangeOf(request: FastifyRequest): Exchange {
  const exchange = (request as Opened)[EXCHANGE];
  if (!exchange) throw new Error('The exchange is opened by the onRequest hook of this route.');
  return exchange;
}
