import type { ServerResponse } from 'node:http';
import type { Logger } from '@loomgraph/telemetry';
import { createErrorMasker } from '../request/mask-errors.js';
import { refusalOfError } from '../request/refusal-of-error.js';
import type { BodyRequest } from './body-request.js';
import { Exchange, type ExchangeDeps } from './exchange.js';
import type { Overload } from './overload.js';
import { createBodyReader, type BodyLimits } from './read-body.js';
import { refuseBody, refuseByHead, refuseDuplicate } from './refuse-transport.js';
import { createServeRequest, type ServeDeps } from './serve-request.js';

export interface GraphqlFrontDeps extends ServeDeps, ExchangeDeps, BodyLimits {
  readonly logger: Logger;
  /** Undefined: every request is served. */
  readonly overload?: Overload | undefined;
}

export type GraphqlFront = (request: BodyRequest, response: ServerResponse) => void;

/**
 * GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) over the engine, for requests whose path is `/graphql`.
 *
 * On Node's own requests and responses: the life cycle of a framework's request measured 5 to 13 µs, where an answer that is there already
 * takes about 50.
 */
export function createGraphqlFront(deps: GraphqlFrontDeps): GraphqlFront {
  const serve = createServeRequest(deps);
  const readBody = createBodyReader(deps);
  const mask = createErrorMasker(deps);
  const serveText = (exchange: Exchange, text: string): void => {
    const fail = (error: unknown): void => exchange.refuse(refusalOfError({ error, requestId: exchange.scope.requestId, mask }));
    try {
      serve(exchange, text)?.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  return (request, response) => {
    const exchange = new Exchange({ request, response, deps });
    const { requestId } = exchange.scope;
    const refusal = deps.overload?.refusalOf(requestId) ?? refuseDuplicate(request, requestId) ?? refuseByHead(request, requestId);
    if (refusal !== undefined) exchange.refuse(refusal);
    else if (request.method !== 'POST') serveText(exchange, '');
    else {
      readBody(request, (body) => {
        if (body.kind === 'text') serveText(exchange, body.text);
        else exchange.refuse(refuseBody(body, requestId, deps));
      });
    }
  };
}
