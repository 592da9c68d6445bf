import type { Dispatcher } from 'undici';
import type { Deadlines, Timed } from '../deadlines.js';
import { SubgraphUnavailableError } from '../errors.js';
import type { SubgraphAnswer } from '../execution/subgraph-answer.js';
import { readAnswer } from './read-answer.js';
import { retryAfterMs } from './traffic/retry-after.js';

/** Of one answer; more than this is no answer a client could be sent. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);
const CLIENT_ERROR = 400;

/**
 * What kept a replica from answering: `connection` none came about, or it was lost; `timeout`; `status` with which it answered instead;
 * `unusable` content; `size` of an answer.
 */
export interface ReplicaFault {
  readonly kind: 'connection' | 'timeout' | 'status' | 'unusable' | 'size';
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
}

export interface ExchangeOptions {
  readonly subgraph: string;
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
  /** Called once, with the fault where there is no usable answer; not called after `drop`. */
  readonly ended: (answer: SubgraphAnswer, fault: ReplicaFault | undefined) => void;
  /** See `SubgraphCall`. */
  readonly known: Buffer | undefined;
}

/** One request to one replica and its answer. */
export class Exchange implements Dispatcher.DispatchHandler, Timed {
  readonly startedAt = performance.now();
  readonly #options: ExchangeOptions;
  #controller: Dispatcher.DispatchController | undefined;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #bytes = 0;
  #status = 0;
  #mediaType: unknown;
  #retryAfter: unknown;
  #isDone = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    options.deadlines.begin(this);
  }

  /** Nobody waits for it any more. */
  drop(): void {
    this.#end();
    this.#controller?.abort(new Error('cancelled'));
  }

  expire(): void {
    this.#giveUp(`no answer within ${this.#options.timeoutMs} ms`, 'timeout');
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
    this.#retryAfter = headers['retry-after'];
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_ANSWER_BYTES) this.#giveUp(`answered with more than ${MAX_ANSWER_BYTES} bytes`, 'size');
    else if (this.#first === undefined) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
  }

  onResponseEnd(): void {
    const { subgraph, known } = this.#options;
    const body = this.#more === undefined ? (this.#first ?? NOTHING) : Buffer.concat(this.#more);
    const answer = readAnswer({ subgraph, status: this.#status, mediaType: this.#mediaType, body, known });
    this.#finish(answer, answer.kind === 'failed' ? this.#faultOfStatus() : undefined);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish(
      { kind: 'failed', error: new SubgraphUnavailableError(this.#options.subgraph, describe(error), { cause: error }) },
      CONNECTION,
    );
  }

  #faultOfStatus(): ReplicaFault {
    const status = this.#status;
    return status < CLIENT_ERROR ? { kind: 'unusable' } : { kind: 'status', status, retryAfterMs: retryAfterMs(this.#retryAfter) };
  }

  #giveUp(reason: string, kind: ReplicaFault['kind']): void {
    this.#finish({ kind: 'failed', error: new SubgraphUnavailableError(this.#options.subgraph, reason) }, { kind });
    this.#controller?.abort(new Error(reason));
  }

  #finish(answer: SubgraphAnswer, fault: ReplicaFault | undefined): void {
    if (this.#isDone) return;
    this.#end();
    this.#options.ended(answer, fault);
  }

  #end(): void {
    this.#isDone = true;
    this.#options.deadlines.end(this);
  }
}

const CONNECTION: ReplicaFault = { kind: 'connection' };

/** By shape, not by class: these errors come from undici and from Node. */
function describe(error: unknown): string {
  const { message, errors } = error as { message?: string; errors?: readonly Error[] };
  // A host with several addresses fails with an AggregateError, which says nothing itself.
  if (errors !== undefined) return errors.map((one) => one.message).join('; ');
  return message || String(error);
}
