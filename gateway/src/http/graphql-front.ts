import type { RequestListener } from 'node:http';
import type { Logger } from '@loomgraph/telemetry';
import { LimitExceededError } from '../request/limits/limit-exceeded.js';
import { createErrorMasker } from '../request/mask-errors.js';
import { refusalOfError } from '../request/refusal-of-error.js';
import { Exchange, type ExchangeDeps } from './exchange.js';
import { readBody, type BodyLimits } from './read-body.js';
import { refuseBody, refuseByHead, refuseDuplicate } from './refuse-transport.js';
import { createServeRequest, type ServeDeps } from './serve-request.js';

export interface GraphqlFrontDeps extends ServeDeps, ExchangeDeps, BodyLimits {
  readonly logger: Logger;
}

/**
 * GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) over the engine, for requests whose path is `/graphql`.
 *
 * On Node's own requests and responses: the life cycle of a framework's request measured 5 to 13 µs, where an answer that is there already
 * takes about 50.
 */
export function createGraphqlFront(deps: GraphqlFrontDeps): RequestListener {
  const { refusals } = deps;
  const serve = createServeRequest(deps);
  const mask = createErrorMasker(deps);
  const serveText = (exchange: Exchange, text: string): void => {
    serve(exchange, text).catch((error: unknown) => {
      if (error instanceof LimitExceededError) refusals.refused(error.limit);
      exchange.refuse(refusalOfError({ error, requestId: exchange.scope.requestId, mask }));
    });
  };
  return (request, response) => {
    const exchange = new Exchange({ request, response, deps });
    const { requestId } = exchange.scope;
    const duplicate = refuseDuplicate(request, requestId);
    if (duplicate !== undefined) refusals.refused('duplicateHeader');
    const refusal = duplicate ?? refuseByHead(request, requestId);
    if (refusal !== undefined) exchange.refuse(refusal);
    else if (request.method !== 'POST') serveText(exchange, '');
    else {
      readBody(request, deps, (body) => {
        if (body.kind === 'text') {
          serveText(exchange, body.text);
          return;
        }
        if (body.kind === 'too large') refusals.refused('bodyBytes');
        else if (body.kind === 'too slow') refusals.refused('bodyTime');
        exchange.refuse(refuseBody(body, requestId, deps));
      });
    }
  };
}
