import type { Identity } from '@loomgraph/auth';
import { readSyncHeaders, syncHeaders, type SyncRequest } from '@loomgraph/core';
import { continueTrace } from '@loomgraph/telemetry';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, EngineAnswer } from '../execution/engine.js';
import type { AuditDenials } from '../request/audit-denials.js';
import { createAnswerOperation, type OperationDeps } from '../request/answer-operation.js';
import type { ClientAddress } from '../request/client-address.js';
import { createHeaderPicker } from '../request/forwarded-headers.js';
import { MalformedRequest, readParameters, readSearch, type GraphqlParameters } from '../request/graphql-parameters.js';
import type { Identify } from '../request/identity.js';
import { createBatchTotals, type BatchTotals } from '../request/limits/batch-totals.js';
import type { DocumentLimits } from '../request/limits/document-limits.js';
import { assertJsonDepthWithin } from '../request/limits/json-depth.js';
import { parseJson } from '../request/parse-json.js';
import { answerBatch, type BatchSettings } from './answer-batch.js';
import { answerFormOf, prefersHtml } from './answer-form.js';
import type { Cors } from './cors.js';
import type { Exchange } from './exchange.js';
import { createLandingPage, LANDING_PAGE_HEADERS, type LandingPage } from './landing-page.js';
import { rememberLast } from './remember-last.js';
import { ALLOWED, refuseCrossSite, refuseForm } from './refuse-transport.js';

export interface ServeDeps extends OperationDeps {
  readonly identify: Identify;
  /** Undefined: browsers get no page. */
  readonly landingPage: LandingPage | undefined;
  /** Undefined: arrays of operations are refused. */
  readonly batching: BatchSettings | undefined;
  /** Whether a GET that another site's page could have caused is refused. */
  readonly csrfPrevention: boolean;
  /** Names of the client's headers that subgraphs are sent, too. */
  readonly forwardedHeaders: readonly string[];
  /** Where a request came from; subgraphs are told. */
  readonly clientAddress?: ClientAddress;
  /** Undefined: nobody writes down what is denied here. */
  readonly auditDenials?: AuditDenials | undefined;
  /** Undefined: pages of other sites are told nothing. */
  readonly cors?: Cors | undefined;
  readonly maxJsonDepth: number;
  /** How large the operations of a batch may be together. */
  readonly limits: DocumentLimits;
}

/** Answers one request, of which `text` is the body. Rejects with what a stage throws; nothing is answered then. */
export type ServeRequest = (exchange: Exchange, text: string) => Promise<void>;

export function createServeRequest(deps: ServeDeps): ServeRequest {
  const answerOperation = createAnswerOperation(deps);
  const pickHeaders = createHeaderPicker(deps.forwardedHeaders);
  // Many who ask at once mostly ask the same.
  const bodyOf = rememberLast((text) => parseBody(text, deps.maxJsonDepth));
  const renderPage = deps.landingPage === undefined ? undefined : createLandingPage(deps.landingPage);

  const { auditDenials } = deps;

  const identityOf = ({ request, scope }: Exchange): Promise<Identity | null> | null => {
    const identity = deps.identify(request.headers);
    if (auditDenials === undefined || identity === null) return identity;
    return identity.catch((error: unknown) => {
      auditDenials.refused(error, { requestId: scope.requestId, clientAddress: deps.clientAddress?.(request) });
      throw error;
    });
  };

  const callerOf = ({ request, scope }: Exchange, identity: Identity | null): Caller => {
    const { requestId, traceparent } = scope;
    return {
      identity,
      requestId,
      traceparent,
      clientAddress: deps.clientAddress?.(request),
      forwardedHeaders: pickHeaders(request.headers),
    };
  };

  const answerWith = (
    exchange: Exchange,
    caller: Caller,
    parameters: GraphqlParameters,
    { acceptsIncremental, batch }: { readonly acceptsIncremental: boolean; readonly batch?: BatchTotals },
  ): Promise<EngineAnswer> => {
    const sync = syncOf(exchange.request.headers);
    const call = { parameters, caller, readOnly: exchange.request.method !== 'POST', acceptsIncremental, sync, batch };
    const answering =
      caller.traceparent === undefined ? answerOperation(call) : continueTrace(caller.traceparent, () => answerOperation(call));
    // Of an anonymous caller nothing is written down.
    return auditDenials === undefined || caller.identity === null ? answering : told(answering, caller, auditDenials);
  };

  const servePost = async (exchange: Exchange, text: string): Promise<void> => {
    const body = bodyOf(text);
    if (Array.isArray(body)) {
      const caller = callerOf(exchange, await identityOf(exchange));
      const batch = createBatchTotals(deps.limits);
      const answerOne = (parameters: GraphqlParameters) => answerWith(exchange, caller, parameters, { acceptsIncremental: false, batch });
      const options = { operations: body, settings: deps.batching, requestId: caller.requestId, answerOne };
      const answer = await answerBatch(options);
      exchange.answerBatch(answer.body, answer.reports);
      return;
    }
    const parameters = readParameters(body);
    const caller = callerOf(exchange, await identityOf(exchange));
    return exchange.answer(await answerWith(exchange, caller, parameters, { acceptsIncremental: exchange.form.multipart !== undefined }));
  };

  const serveGet = async (exchange: Exchange, search: string): Promise<void> => {
    const refusal = deps.csrfPrevention ? refuseCrossSite(exchange.request, exchange.scope.requestId) : undefined;
    if (refusal !== undefined) {
      deps.refusals.refused('crossSite');
      exchange.refuse(refusal);
      return;
    }
    const parameters = readSearch(search, deps.maxJsonDepth);
    const caller = callerOf(exchange, await identityOf(exchange));
    const acceptsIncremental = exchange.form.multipart !== undefined && exchange.request.method === 'GET';
    return exchange.answer(await answerWith(exchange, caller, parameters, { acceptsIncremental }));
  };

  const servePage = async (exchange: Exchange, render: () => Promise<string>): Promise<void> => {
    const body = await render();
    exchange.answerAside({ status: 200, contentType: 'text/html; charset=utf-8', body, headers: LANDING_PAGE_HEADERS });
  };

  return async (exchange, text) => {
    const { method, url = '', headers } = exchange.request;
    if (method === 'OPTIONS') return exchange.answerEmpty(204, { allow: ALLOWED, ...deps.cors?.preflightHeadersOf(exchange.request) });
    const isPost = method === 'POST';
    const search = isPost ? '' : searchOf(url);
    if (!isPost && renderPage !== undefined && prefersHtml(headers.accept) && !asksForOperation(search)) {
      return servePage(exchange, renderPage);
    }
    const form = answerFormOf(headers.accept);
    if (form === undefined) return exchange.refuse(refuseForm(exchange.scope.requestId));
    exchange.form = form;
    return isPost ? servePost(exchange, text) : serveGet(exchange, search);
  };
}

async function told(answering: Promise<EngineAnswer>, caller: Caller, denials: AuditDenials): Promise<EngineAnswer> {
  const answer = await answering;
  if (answer.report.errorCodes.length > 0) denials.answered(caller, answer.report);
  return answer;
}

function syncOf(headers: IncomingHttpHeaders): SyncRequest | undefined {
  if (headers[syncHeaders.token] === undefined) return undefined;
  return readSyncHeaders((name) => headers[name]?.toString());
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
