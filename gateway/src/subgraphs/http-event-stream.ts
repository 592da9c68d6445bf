import { hashBody, IDENTITY_HEADER, type IdentitySigner } from '@loomgraph/auth';
import { GraphQLError } from 'graphql';
import { Agent, type Dispatcher } from 'undici';
import { SubgraphUnavailableError } from '../errors.js';
import type { SubgraphAnswer } from '../execution/subgraph-answer.js';
import { headersFor } from './http-call.js';
import { readAnswer } from './read-answer.js';
import { createSseParser } from './sse-parser.js';
import { replicaUrlsOf } from './traffic/addresses.js';
import { refusedBy, type OpenStream, type StreamOptions, type StreamSink } from './subgraph-streams.js';

const EVENT_STREAM = /^\s*text\/event-stream\s*(;|$)/i;
/** Of one event; more than this is none a client could be sent. */
const MAX_EVENT_BYTES = 64 * 1024 * 1024;
/** Of an answer that is no stream. */
const MAX_REFUSAL_BYTES = 1024 * 1024;

/** Subscriptions of remote subgraphs by the protocol graphql-sse, each on a connection of its own ("distinct connections"). */
export interface HttpEventStreams extends AsyncDisposable {
  /**
   * Asks a subgraph, one of its replicas, to subscribe. Says who asks as every fetch does. Rejects with SubgraphUnavailableError where it does not begin to answer
   * in time or answers something else, and with what it says where it refuses.
   */
  open(address: string, options: StreamOptions): Promise<OpenStream>;
}

export function createHttpEventStreams(deps: {
  readonly signer: IdentitySigner | undefined;
  readonly timeoutMs: number;
}): HttpEventStreams {
  const { signer, timeoutMs } = deps;
  // Streams may be silent as long as they like.
  const agent = new Agent({ connect: { timeout: timeoutMs }, headersTimeout: timeoutMs, bodyTimeout: 0 });
  return {
    open(address, { operation: { subgraph, operation, operationName }, variables, caller, sink }) {
      const urls = replicaUrlsOf(address);
      const { origin, pathname, search } = new URL(urls[Math.floor(Math.random() * urls.length)]!); // an address has one at least
      const body = JSON.stringify({ query: operation, operationName, variables });
      const headers = headersFor(caller, 'text/event-stream, application/json');
      if (signer !== undefined) {
        const { identity, clientAddress } = caller;
        headers.push(IDENTITY_HEADER, signer.sign(identity, { audience: subgraph, bodyHash: hashBody(body), clientAddress }));
      }
      return new Promise((resolve, reject) => {
        const stream = new EventStream({ subgraph, sink, opened: resolve, refused: reject });
        agent.dispatch({ origin, path: pathname + search, method: 'POST', headers, body }, stream);
      });
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

/** One subscription on its connection. */
class EventStream implements Dispatcher.DispatchHandler, OpenStream {
  readonly #subgraph: string;
  readonly #sink: StreamSink;
  readonly #opened: (stream: OpenStream) => void;
  readonly #refused: (error: unknown) => void;
  readonly #decoder = new TextDecoder();
  readonly #parse = createSseParser(({ event, data }) => this.#event(event, data));
  #controller: Dispatcher.DispatchController | undefined;
  #state: 'opening' | 'refusing' | 'open' | 'over' = 'opening';
  #refusal: Buffer[] = [];
  #refusalBytes = 0;
  #status = 0;
  #mediaType: unknown;

  constructor(options: {
    readonly subgraph: string;
    readonly sink: StreamSink;
    readonly opened: (stream: OpenStream) => void;
    readonly refused: (error: unknown) => void;
  }) {
    this.#subgraph = options.subgraph;
    this.#sink = options.sink;
    this.#opened = options.opened;
    this.#refused = options.refused;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#mediaType = headers['content-type'];
    if (status === 200 && typeof this.#mediaType === 'string' && EVENT_STREAM.test(this.#mediaType)) {
      this.#state = 'open';
      this.#opened(this);
    } else this.#state = 'refusing';
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#state === 'refusing') {
      this.#refusalBytes += chunk.length;
      if (this.#refusalBytes <= MAX_REFUSAL_BYTES) this.#refusal.push(chunk);
      else this.#break('answered something else than events');
    } else if (this.#state === 'open' && this.#parse(this.#decoder.decode(chunk, { stream: true })) > MAX_EVENT_BYTES) {
      this.#break(`sent an event of more than ${MAX_EVENT_BYTES} bytes`);
    }
  }

  onResponseEnd(): void {
    if (this.#state === 'refusing') this.#refuse();
    // The protocol ends a stream with "complete".
    else this.#break('ended its stream without saying so');
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#break(error.message, error);
  }

  close(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#controller?.abort(new Error('nobody listens any more'));
  }

  #event(event: string, data: string): void {
    if (this.#state !== 'open') return;
    if (event === 'complete') {
      this.close();
      this.#sink.ended();
      return;
    }
    if (event !== 'next') return;
    const answer = this.#answerOf(Buffer.from(data));
    if (answer.kind === 'failed') this.#break('sent an event that is no answer', answer.error);
    else this.#sink.event(answer, data.length);
  }

  #answerOf(body: Buffer): SubgraphAnswer {
    return readAnswer({ subgraph: this.#subgraph, status: 200, mediaType: 'application/json', body });
  }

  /** A well-formed answer says in its errors why there is no stream. */
  #refuse(): void {
    this.#state = 'over';
    const body = Buffer.concat(this.#refusal);
    const answer = readAnswer({ subgraph: this.#subgraph, status: this.#status, mediaType: this.#mediaType, body });
    if (answer.kind === 'failed') this.#refused(answer.error);
    else if (answer.errors === undefined || answer.errors.length === 0) this.#refused(this.#unavailable('answered no stream of events'));
    else this.#refused(refusedBy({ errors: answer.errors.map(({ message, extensions }) => new GraphQLError(message, { extensions })) }));
  }

  #break(reason: string, cause?: unknown): void {
    const state = this.#state;
    if (state === 'over') return;
    this.close();
    const error = this.#unavailable(reason, cause);
    if (state === 'open') this.#sink.failed(error);
    else this.#refused(error);
  }

  #unavailable(reason: string, cause?: unknown): SubgraphUnavailableError {
    return new SubgraphUnavailableError(this.#subgraph, reason, { cause });
  }
}
