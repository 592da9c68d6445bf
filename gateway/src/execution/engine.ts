import type { SyncRequest } from '@loomgraph/core';
import type { SubgraphRequest } from '@loomgraph/subgraph-kit';
import type { GraphQLFormattedError } from 'graphql';
import type { BatchTotals } from '../request/limits/batch-totals.js';
import type { RefusalReason } from '../request/limits/refusal-reason.js';
import type { Cancellation } from './cancellation.js';
import type { SyncExchange } from './sync-exchange.js';

/** One GraphQL request as it came over whichever transport, well-formed but not yet looked at. */
export interface EngineRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  /** HTTP GET may only read: mutations are refused with status 405. */
  readonly readOnly: boolean;
  /** Whether the client can take an answer in parts; without it `@defer` is answered whole. */
  readonly acceptsIncremental: boolean;
  readonly caller: Caller;
  /** Of an operation that came with others in one request: what they come to together. */
  readonly batch?: BatchTotals | undefined;
  /** There where the transport can carry a subscription; without it they are refused. */
  readonly live?: LiveRequest | undefined;
  /** What the transport says about reading one's own writes; `extensions.sync` wins. */
  readonly sync?: SyncRequest | undefined;
}

/** How a subscription is carried. */
export interface LiveRequest {
  readonly transport: LiveTransport;
  /** The id of the last event the client has; it wants those after it. */
  readonly lastEventId?: string | undefined;
}

export type LiveTransport = 'sse' | 'websocket';

/** Who asks; what subgraphs are told. */
export interface Caller extends SubgraphRequest {
  /** Headers of the client that are passed on to subgraphs; names in lower case. */
  readonly forwardedHeaders?: Readonly<Record<string, string>>;
  /** There where the operation writes, or its caller wants to see what it wrote. */
  readonly sync?: SyncExchange | undefined;
  /** Tells when nobody waits for the operation any more. Undefined where it runs to its end whatever happens, as all that writes does. */
  readonly cancellation?: Cancellation | undefined;
}

/** What the answer was about, for logs and metrics. Undefined fields were not known when the request was refused. */
export interface AnswerReport {
  /** Only of an operation that is valid, so that nobody can invent names. */
  readonly operationName: string | undefined;
  readonly operationKind: 'query' | 'mutation' | 'subscription' | undefined;
  readonly outcome: 'success' | 'partial' | 'error';
  readonly errorCodes: readonly string[];
  /** Of a request that a limit or a guard refused. */
  readonly refusal?: RefusalReason | undefined;
  /** Undefined where nothing was executed. */
  readonly work?: AnswerWork | undefined;
}

/** What an answer took. */
export interface AnswerWork {
  /** Whether the operation was there, compiled. */
  readonly cache: 'hit' | 'miss';
  /** The answer is that of an identical request that was in flight: what follows is 0, as the work was that request's. */
  readonly isCoalesced: boolean;
  /** 0 where the plan was there. */
  readonly planMs: number;
  /** Sent to subgraphs. */
  readonly fetches: number;
  /** From the first of them to the last one's answer being merged. */
  readonly fetchMs: number;
}

/**
 * - `refused`: nothing was executed (syntax, validation, variables, limits). `status` holds for `application/graphql-response+json`.
 * - `executed`: `body` is the whole response, JSON text.
 * - `incremental`: `parts` are the JSON payloads of a multipart response, the first one with `data`; `returning` it early cancels.
 *   `report` says what is known so far; it is complete when the parts have ended.
 * - `live`: a subscription that has begun.
 */
export type EngineAnswer =
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly errors: readonly GraphQLFormattedError[];
      readonly report: AnswerReport;
    }
  | {
      readonly kind: 'executed';
      readonly body: string;
      /** Every character is below U+0080, so the text may be written as latin1. */
      readonly isAscii: boolean;
      /** `body` encoded, where several requests are answered with the same. */
      readonly bytes?: Uint8Array | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly report: AnswerReport;
    }
  | { readonly kind: 'incremental'; readonly parts: AsyncIterable<string>; readonly report: AnswerReport }
  | { readonly kind: 'live'; readonly stream: LiveStream; readonly report: AnswerReport };

/**
 * - `event`: one answer, JSON text. An `id` is where a client may go on after it lost its connection.
 * - `complete`: there will be no more events. `failed`: nor here, because of these errors.
 * - `restart`: this process ends; the client should come back, after a while that differs from client to client.
 */
export type LivePayload =
  | { readonly kind: 'event'; readonly body: string; readonly id: string | undefined }
  | { readonly kind: 'complete' }
  | { readonly kind: 'failed'; readonly errors: readonly GraphQLFormattedError[] }
  | { readonly kind: 'restart'; readonly afterMs: number };

/** The answers of one subscription, for one consumer, who asks for the next one when it can take it. */
export interface LiveStream {
  /** Every payload but an event is the last one. */
  next(): Promise<LivePayload>;
  /** Aborted when too much waits for the consumer, who is to be cut off at once. */
  readonly cut: AbortSignal;
  /** The consumer is gone. */
  close(): void;
}

/** Executes operations against the current supergraph. Never rejects: what fails inside is an answer with a masked error. */
export interface Engine {
  execute(request: EngineRequest): Promise<EngineAnswer>;
}
