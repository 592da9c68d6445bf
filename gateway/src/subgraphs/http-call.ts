import { hashBody, IDENTITY_HEADER, type IdentitySigner } from '@loomgraph/auth';
import { readSyncAnswer, toSyncHeaders } from '@loomgraph/core';
import { Pool, type Dispatcher } from 'undici';
import { createDeadlines, type Deadlines, type Timed } from '../deadlines.js';
import { SubgraphUnavailableError } from '../errors.js';
import type { Caller } from '../execution/engine.js';
import type { SyncExchange } from '../execution/sync-exchange.js';
import type { SubgraphAnswer, SubgraphCall, SubgraphOperation } from '../execution/subgraph-answer.js';
import { readAnswer } from './read-answer.js';

const CONNECTIONS_PER_SUBGRAPH = 128;
/** Of one answer; more than this is no answer a client could be sent. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const ACCEPT = 'application/graphql-response+json, application/json';
const NOTHING = Buffer.alloc(0);
/** What a subgraph needs to answer once it has waited for its projections. */
const ANSWERING_MS = 1_000;

/**
 * The HTTP client of this process for all remote subgraphs: pooled connections, one time limit for the whole exchange.
 *
 * 1. Answers what a subgraph answered with a JSON media type and the shape of a GraphQL result, whatever the status.
 * 2. Fails with SubgraphUnavailableError for everything else: no connection, late, too large, another media type, cut off, not JSON.
 * 3. Tells the subgraph who asks, signed for this subgraph and this body (`x-loom-identity`), with request id and trace, where a
 *    signer is given.
 * 4. Never repeats a request: it may be a mutation.
 */
export interface SubgraphHttp extends AsyncDisposable {
  prepare(url: string, operation: SubgraphOperation): SubgraphCall;
  close(): Promise<void>;
}

export interface SubgraphHttpDeps {
  /** Undefined: subgraphs are not told who asks. */
  readonly signer: IdentitySigner | undefined;
  readonly timeoutMs: number;
}

export function createSubgraphHttp(deps: SubgraphHttpDeps): SubgraphHttp {
  const { signer, timeoutMs } = deps;
  const deadlines = createDeadlines(timeoutMs);
  const pools = new Map<string, Pool>();
  const poolOf = (origin: string): Pool => {
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections: CONNECTIONS_PER_SUBGRAPH,
        connect: { timeout: timeoutMs },
        // One limit is kept below for the whole exchange.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      pools.set(origin, pool);
    }
    return pool;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    pools.clear();
  };

  return {
    prepare(url, { subgraph, operation, operationName }) {
      const { origin, pathname, search } = new URL(url);
      const pool = poolOf(origin);
      const path = pathname + search;
      const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
      const head = `{"query":${JSON.stringify(operation)}${name}`;
      return {
        send(variables, caller, answered, known) {
          const done = listening(caller, answered);
          const body = variables === '' ? `${head}}` : `${head},"variables":{${variables}}}`;
          const headers = headersFor(caller);
          if (caller.sync !== undefined) headers.push(...syncHeadersFor(caller.sync, timeoutMs));
          if (signer !== undefined) {
            const { identity, clientAddress } = caller;
            headers.push(IDENTITY_HEADER, signer.sign(identity, { audience: subgraph, bodyHash: hashBody(body), clientAddress }));
          }
          pool.dispatch({ path, method: 'POST', headers, body }, new Exchange(subgraph, { timeoutMs, deadlines, done, known }));
        },
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Of every request to a subgraph, as name and value in turn. */
export function headersFor({ requestId, traceparent, forwardedHeaders }: Caller, accept = ACCEPT): string[] {
  const headers = ['content-type', 'application/json', 'accept', accept, 'x-request-id', requestId];
  if (traceparent !== undefined) headers.push('traceparent', traceparent);
  for (const name in forwardedHeaders) headers.push(name, forwardedHeaders[name]!);
  return headers;
}

/** A subgraph that waits longer than it is waited for would be taken for one that does not answer. */
function syncHeadersFor({ token, onTimeout, waitMs = 0 }: SyncExchange, timeoutMs: number): string[] {
  return toSyncHeaders({
    ...(token === undefined ? {} : { token }),
    ...(onTimeout === undefined ? {} : { onTimeout }),
    waitMs: Math.min(waitMs, Math.max(0, timeoutMs - ANSWERING_MS)),
  }).flat();
}

/** Passes on what an answer says about reading one's own writes, where the caller wants to know. */
function listening({ sync }: Caller, done: (answer: SubgraphAnswer) => void): (answer: SubgraphAnswer) => void {
  if (sync === undefined) return done;
  return (answer) => {
    const said = answer.kind === 'answered' ? readSyncAnswer(answer.sync) : undefined;
    if (said !== undefined) sync.report(said);
    done(answer);
  };
}

function failed(subgraph: string, reason: string, cause?: unknown): SubgraphAnswer {
  return { kind: 'failed', error: new SubgraphUnavailableError(subgraph, reason, { cause }) };
}

interface ExchangeOptions {
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
  readonly done: (answer: SubgraphAnswer) => void;
  /** See `SubgraphCall`. */
  readonly known: Buffer | undefined;
}

/** One request and its answer; calls back once. */
class Exchange implements Dispatcher.DispatchHandler, Timed {
  readonly #subgraph: string;
  readonly #done: (answer: SubgraphAnswer) => void;
  readonly startedAt = performance.now();
  readonly #timeoutMs: number;
  readonly #deadlines: Deadlines;
  readonly #known: Buffer | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #bytes = 0;
  #status = 0;
  #mediaType: unknown;
  #isDone = false;

  constructor(subgraph: string, { timeoutMs, deadlines, done, known }: ExchangeOptions) {
    this.#subgraph = subgraph;
    this.#timeoutMs = timeoutMs;
    this.#deadlines = deadlines;
    this.#known = known;
    this.#done = done;
    deadlines.begin(this);
  }

  expire(): void {
    this.#giveUp(`no answer within ${this.#timeoutMs} ms`);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The time may have passed while the request waited for a connection.
    if (this.#isDone) controller.abort(new Error('given up'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#mediaType = headers['content-type'];
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_ANSWER_BYTES) this.#giveUp(`answered with more than ${MAX_ANSWER_BYTES} bytes`);
    else if (this.#first === undefined) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
  }

  onResponseEnd(): void {
    const body = this.#more === undefined ? (this.#first ?? NOTHING) : Buffer.concat(this.#more);
    this.#finish(readAnswer({ subgraph: this.#subgraph, status: this.#status, mediaType: this.#mediaType, body, known: this.#known }));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish(failed(this.#subgraph, describe(error), error));
  }

  #giveUp(reason: string): void {
    this.#finish(failed(this.#subgraph, reason));
    this.#controller?.abort(new Error(reason));
  }

  #finish(answer: SubgraphAnswer): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#deadlines.end(this);
    this.#done(answer);
  }
}

/** By shape, not by class: these errors come from undici and from Node. */
function describe(error: unknown): string {
  const { message, errors } = error as { message?: string; errors?: readonly Error[] };
  // A host with several addresses fails with an AggregateError, which says nothing itself.
  if (errors !== undefined) return errors.map((one) => one.message).join('; ');
  return message || String(error);
}
