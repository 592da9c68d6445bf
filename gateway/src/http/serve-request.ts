import type { Identity } from '@loomgraph/auth';
import type { Caller, EngineAnswer, LiveRequest } from '../execution/engine.js';
import { createAnswerCaller } from '../request/answer-caller.js';
import { createAnswerOperation, type OperationDeps } from '../request/answer-operation.js';
import { MalformedRequest, readParameters, readSearch, type GraphqlParameters } from '../request/graphql-parameters.js';
import { createBatchTotals, type BatchTotals } from '../request/limits/batch-totals.js';
import type { DocumentLimits } from '../request/limits/document-limits.js';
import { assertJsonDepthWithin } from '../request/limits/json-depth.js';
import { parseJson } from '../request/parse-json.js';
import { createReadCaller, type ReadCallerDeps } from '../request/read-caller.js';
import { syncOf } from '../request/sync-of.js';
import { answerBatch, type BatchSettings } from './answer-batch.js';
import { answerFormOf, prefersHtml } from './answer-form.js';
import type { Cors } from './cors.js';
import type { Exchange } from './exchange.js';
import { createLandingPage, LANDING_PAGE_HEADERS, type LandingPage } from './landing-page.js';
import { rememberLast } from './remember-last.js';
import { ALLOWED, refuseCrossSite, refuseForm } from './refuse-transport.js';

export interface ServeDeps extends OperationDeps, ReadCallerDeps {
  /** Undefined: browsers get no page. */
  readonly landingPage: LandingPage | undefined;
  /** Undefined: arrays of operations are refused. */
  readonly batching: BatchSettings | undefined;
  /** Whether a GET that another site's page could have caused is refused. */
  readonly csrfPrevention: boolean;
  /** Undefined: pages of other sites are told nothing. */
  readonly cors?: Cors | undefined;
  readonly maxJsonDepth: number;
  /** How large the operations of a batch may be together. */
  readonly limits: DocumentLimits;
}

/** Answers one request, of which `text` is the body. Throws, or rejects with, what a stage throws; nothing is answered then. */
export type ServeRequest = (exchange: Exchange, text: string) => Promise<void> | undefined;

export function createServeRequest(deps: ServeDeps): ServeRequest {
  const answerOperation = createAnswerCaller(createAnswerOperation(deps), deps.auditDenials);
  const { identityOf, callerOf } = createReadCaller(deps);
  // Many who ask at once mostly ask the same.
  const bodyOf = rememberLast((text) => parseBody(text, deps.maxJsonDepth));
  const renderPage = deps.landingPage === undefined ? undefined : createLandingPage(deps.landingPage);

  const answerWith = (
    exchange: Exchange,
    caller: Caller,
    parameters: GraphqlParameters,
    { acceptsIncremental, batch }: { readonly acceptsIncremental: boolean; readonly batch?: BatchTotals },
  ): Promise<EngineAnswer> => {
    const sync = syncOf(exchange.request.headers);
    const live = batch === undefined && exchange.form.events !== undefined ? liveOf(exchange) : undefined;
    return answerOperation({ parameters, caller, readOnly: exchange.request.method !== 'POST', acceptsIncremental, sync, batch, live });
  };

  /** With as few promises as there can be: many requests may wait for one execution, and do nothing else. */
  const serveOperation = (exchange: Exchange, parameters: GraphqlParameters, acceptsIncremental: boolean): Promise<void> => {
    const answerAs = (identity: Identity | null): Promise<EngineAnswer> =>
      answerWith(exchange, callerOf(exchange, identity), parameters, { acceptsIncremental });
    const identity = identityOf(exchange);
    const answering = identity instanceof Promise ? identity.then(answerAs) : answerAs(identity);
    return answering.then((answer) => exchange.answer(answer));
  };

  const serveBatch = async (exchange: Exchange, operations: readonly unknown[]): Promise<void> => {
    const caller = callerOf(exchange, await identityOf(exchange));
    const batch = createBatchTotals(deps.limits);
    const answerOne = (parameters: GraphqlParameters) => answerWith(exchange, caller, parameters, { acceptsIncremental: false, batch });
    const answer = await answerBatch({ operations, settings: deps.batching, requestId: caller.requestId, answerOne });
    exchange.answerBatch(answer.body, answer.reports);
  };

  const servePost = (exchange: Exchange, text: string): Promise<void> => {
    const body = bodyOf(text);
    if (Array.isArray(body)) return serveBatch(exchange, body);
    return serveOperation(exchange, readParameters(body), exchange.form.multipart !== undefined);
  };

  const serveGet = (exchange: Exchange, search: string): Promise<void> | undefined => {
    const refusal = deps.csrfPrevention ? refuseCrossSite(exchange.request, exchange.scope.requestId) : undefined;
    if (refusal !== undefined) {
      exchange.refuse(refusal);
      return undefined;
    }
    const acceptsIncremental = exchange.form.multipart !== undefined && exchange.request.method === 'GET';
    return serveOperation(exchange, readSearch(search, deps.maxJsonDepth), acceptsIncremental);
  };

  const servePage = async (exchange: Exchange, render: () => Promise<string>): Promise<void> => {
    const body = await render();
    exchange.answerAside({ status: 200, contentType: 'text/html; charset=utf-8', body, headers: LANDING_PAGE_HEADERS });
  };

  return (exchange, text) => {
    const { method, url = '', headers } = exchange.request;
    if (method === 'OPTIONS') {
      exchange.answerEmpty(204, { allow: ALLOWED, ...deps.cors?.preflightHeadersOf(exchange.request) });
      return undefined;
    }
    const isPost = method === 'POST';
    const search = isPost ? '' : searchOf(url);
    if (!isPost && renderPage !== undefined && prefersHtml(headers.accept) && !asksForOperation(search)) {
      return servePage(exchange, renderPage);
    }
    const form = answerFormOf(headers.accept);
    if (form === undefined) {
      exchange.refuse(refuseForm(exchange.scope.requestId));
      return undefined;
    }
    exchange.form = form;
    return isPost ? servePost(exchange, text) : serveGet(exchange, search);
  };
}

function liveOf({ request: { headers, method } }: Exchange): LiveRequest | undefined {
  if (method === 'HEAD') return undefined;
  const lastEventId = headers['last-event-id'];
  return { transport: 'sse', lastEventId: typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined };
}

function parseBody(text: string, maxDepth: number): unknown {
  if (text === '') throw new MalformedRequest('The request has no body.');
  assertJsonDepthWithin(text, maxDepth);
  try {
    return parseJson(text);
  } catch {
    throw new MalformedRequest('The body is not valid JSON.');
  }
}

function asksForOperation(search: string): boolean {
  const parameters = new URLSearchParams(search);
  return parameters.has('query') || parameters.has('documentId');
}

function searchOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start);
}
