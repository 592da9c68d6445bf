import type { TokenVerifier } from '@loomgraph/auth';
import { continueTrace } from '@loomgraph/telemetry';
import type { Caller, EngineAnswer } from '../execution/engine.js';
import { createAnswerOperation, type OperationDeps } from '../request/answer-operation.js';
import { createHeaderPicker } from '../request/forwarded-headers.js';
import { MalformedRequest, readParameters, readSearch, type GraphqlParameters } from '../request/graphql-parameters.js';
import { identify } from '../request/identity.js';
import { parseJson } from '../request/parse-json.js';
import { answerBatch, type BatchSettings } from './answer-batch.js';
import { answerFormOf, prefersHtml } from './answer-form.js';
import type { Exchange } from './exchange.js';
import { createLandingPage, LANDING_PAGE_HEADERS, type LandingPage } from './landing-page.js';
import { readText } from './read-text.js';
import { ALLOWED, refuseCrossSite, refuseForm } from './refuse-transport.js';

export interface ServeDeps extends OperationDeps {
  /** Undefined: every caller is anonymous. */
  readonly tokenVerifier: TokenVerifier | undefined;
  /** Undefined: browsers get no page. */
  readonly landingPage: LandingPage | undefined;
  /** Undefined: arrays of operations are refused. */
  readonly batching: BatchSettings | undefined;
  /** Whether a GET that another site's page could have caused is refused. */
  readonly csrfPrevention: boolean;
  /** Names of the client's headers that subgraphs are sent, too. */
  readonly forwardedHeaders: readonly string[];
}

/** Answers one request whose body, if it has one, is read. Rejects with what a stage throws; nothing is answered then. */
export type ServeRequest = (exchange: Exchange) => Promise<void>;

export function createServeRequest(deps: ServeDeps): ServeRequest {
  const answerOperation = createAnswerOperation(deps);
  const pickHeaders = createHeaderPicker(deps.forwardedHeaders);
  const renderPage = deps.landingPage === undefined ? undefined : createLandingPage(deps.landingPage);

  const callerOf = async ({ request: { headers }, scope }: Exchange): Promise<Caller> => {
    const { authorization } = headers;
    const { tokenVerifier } = deps;
    const identity = authorization === undefined || tokenVerifier === undefined ? null : await identify(authorization, tokenVerifier);
    const { requestId, traceparent } = scope;
    return { identity, requestId, traceparent, forwardedHeaders: pickHeaders(headers) };
  };

  const answerWith = (
    exchange: Exchange,
    caller: Caller,
    parameters: GraphqlParameters,
    acceptsIncremental: boolean,
  ): Promise<EngineAnswer> => {
    const call = { parameters, caller, readOnly: exchange.request.method !== 'POST', acceptsIncremental };
    return caller.traceparent === undefined ? answerOperation(call) : continueTrace(caller.traceparent, () => answerOperation(call));
  };

  const servePost = async (exchange: Exchange): Promise<void> => {
    const body = readBody(await readText(exchange.request.raw, exchange.request.routeOptions.bodyLimit));
    if (Array.isArray(body)) {
      const caller = await callerOf(exchange);
      const answerOne = (parameters: GraphqlParameters) => answerWith(exchange, caller, parameters, false);
      const options = { operations: body, settings: deps.batching, requestId: caller.requestId, answerOne };
      const answer = await answerBatch(options);
      exchange.answerBatch(answer.body, answer.reports);
      return;
    }
    const parameters = readParameters(body);
    const caller = await callerOf(exchange);
    await exchange.answer(await answerWith(exchange, caller, parameters, exchange.form.multipart !== undefined));
  };

  const serveGet = async (exchange: Exchange, search: string): Promise<void> => {
    const refusal = deps.csrfPrevention ? refuseCrossSite(exchange.request, exchange.scope.requestId) : undefined;
    if (refusal !== undefined) {
      exchange.refuse(refusal);
      return;
    }
    const parameters = readSearch(search);
    const caller = await callerOf(exchange);
    const acceptsIncremental = exchange.form.multipart !== undefined && exchange.request.method === 'GET';
    await exchange.answer(await answerWith(exchange, caller, parameters, acceptsIncremental));
  };

  return async (exchange) => {
    const { method, url, headers } = exchange.request;
    if (method === 'OPTIONS') {
      exchange.answerEmpty(204, { allow: ALLOWED });
      return;
    }
    const isPost = method === 'POST';
    const search = isPost ? '' : searchOf(url);
    if (!isPost && renderPage !== undefined && prefersHtml(headers.accept) && !new URLSearchParams(search).has('query')) {
      const body = await renderPage();
      exchange.answerAside({ status: 200, contentType: 'text/html; charset=utf-8', body, headers: LANDING_PAGE_HEADERS });
      return;
    }
    const form = answerFormOf(headers.accept);
    if (form === undefined) {
      exchange.refuse(refuseForm(exchange.scope.requestId));
      return;
    }
    exchange.form = form;
    await (isPost ? servePost(exchange) : serveGet(exchange, search));
  };
}

function readBody(text: unknown): unknown {
  if (typeof text !== 'string' || text === '') throw new MalformedRequest('The request has no body.');
  try {
    return parseJson(text);
  } catch {
    throw new MalformedRequest('The body is not valid JSON.');
  }
}

function searchOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start);
}
