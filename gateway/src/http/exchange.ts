import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cancellation } from '../execution/cancellation.js';
import type { AnswerReport, EngineAnswer } from '../execution/engine.js';
import type { Refusal } from '../request/refuse.js';
import { openRequestScope, type RequestScope } from '../request/request-scope.js';
import type { RequestReport } from '../telemetry/request-report.js';
import { DEFAULT_FORM, type AnswerForm } from './answer-form.js';
import { compress, COMPRESS_FROM_BYTES, contentEncodingOf, type ContentEncoding } from './content-encoding.js';
import type { Cors } from './cors.js';
import { EVENT_STREAM_HEADERS, EVENT_STREAM_TYPE, singleEvent, writeEventStream } from './event-stream.js';
import type { InFlight } from './in-flight.js';
import type { OperationDeadlines } from './operation-deadlines.js';
import { writeParts } from './multipart.js';

export interface ExchangeDeps {
  readonly report: RequestReport;
  readonly inFlight: InFlight;
  readonly isDraining: () => boolean;
  readonly operationDeadlines: OperationDeadlines;
  /** How often a stream of events says that it is alive. */
  readonly heartbeatMs: number;
  /** Undefined: browsers let pages of the same origin only read answers. */
  readonly cors?: Cors | undefined;
}

interface Head {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly byteLength?: number;
}

interface Text extends Head {
  readonly contentType: string;
  readonly body: string;
  /** Every character is below U+0080. */
  readonly isAscii: boolean;
  /** `body` encoded, where that is done already. */
  readonly bytes?: Uint8Array | undefined;
}

/** The body depends on these headers of the request; the access token may count too, hence no shared caching by default. */
const VARY = 'Accept, Accept-Encoding';
const CACHE_CONTROL = 'no-store';
const BAD_REQUEST_STATUS = 400;
const METHOD_NOT_ALLOWED_STATUS = 405;

/**
 * One HTTP request and its one answer, written in a single piece; counted from its beginning, and reported when
 * it is both answered and over.
 */
export class Exchange {
  readonly scope: RequestScope;
  readonly request: IncomingMessage;
  /** In what form answers are sent; set as soon as it is known. */
  form: AnswerForm = DEFAULT_FORM;
  readonly #deps: ExchangeDeps;
  readonly #response: ServerResponse;
  #reports: readonly AnswerReport[] | undefined;
  #isOver = false;
  #cancellation: Cancellation | undefined;

  constructor(options: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly deps: ExchangeDeps }) {
    this.request = options.request;
    this.scope = openRequestScope(options.request.headers);
    this.#response = options.response;
    this.#deps = options.deps;
    this.#deps.inFlight.begin();
    options.response.on('close', () => {
      this.#isOver = true;
      this.#deps.inFlight.end();
      this.#endCancellation();
      this.#reportWhenDone();
    });
  }

  /** Tells when nobody waits for the answer any more. Its time begins when it is asked for first. */
  get cancellation(): Cancellation {
    if (this.#cancellation === undefined) {
      this.#cancellation = this.#deps.operationDeadlines.begin();
      // The client may have gone while it was looked up who it is.
      if (this.#isOver) this.#endCancellation();
    }
    return this.#cancellation;
  }

  /** Refuses what is no well-formed request, or may not be made; the status says so whatever the client accepts. */
  refuse(refusal: Refusal): void {
    this.#answered([refusal.report]);
    // An answer that broke off half way must not look whole.
    if (this.#response.headersSent) this.#response.destroy();
    else this.#sendErrors(refusal, refusal.status);
  }

  /** Answers a well-formed request. An answer in parts takes its time, and rejects with what its parts throw. */
  answer(answer: EngineAnswer): Promise<void> | undefined {
    const { contentType, statusRule, multipart } = this.form;
    this.#answered([answer.report]);
    if (answer.kind === 'executed') {
      const { body, isAscii, bytes, headers } = answer;
      if (this.form.events === 'only') {
        this.#open({ status: 200, contentType: EVENT_STREAM_TYPE, headers: { ...headers, ...EVENT_STREAM_HEADERS } }).end(
          singleEvent(body),
        );
        return undefined;
      }
      this.#send({ status: 200, contentType, body, isAscii, bytes, headers });
    } else if (answer.kind === 'refused') {
      this.#sendErrors(answer, statusRule === 'legacy' && answer.status === BAD_REQUEST_STATUS ? 200 : answer.status);
    } else if (answer.kind === 'live') {
      const response = this.#open({ status: 200, contentType: EVENT_STREAM_TYPE, headers: EVENT_STREAM_HEADERS });
      response.once('close', this.#deps.inFlight.rest());
      return writeEventStream(response, answer.stream, this.#deps);
    } else {
      if (multipart === undefined) throw new Error('An answer in parts was made for a client that does not take one.');
      // Proxies that collect an answer before they pass it on would hold back the first part until the last.
      const response = this.#open({ status: 200, contentType: multipart, headers: { 'x-accel-buffering': 'no' } });
      return writeParts(response, answer.parts);
    }
    return undefined;
  }

  /** Answers a batch: one text for several operations, each of which is reported. */
  answerBatch(body: string, reports: readonly AnswerReport[]): void {
    this.#answered(reports);
    this.#send({ status: 200, contentType: DEFAULT_FORM.contentType, body, isAscii: false });
  }

  /** Answers with something that is no operation, and is not reported. */
  answerAside(text: Omit<Text, 'isAscii'>): void {
    this.#answered([]);
    this.#send({ ...text, isAscii: false });
  }

  /** Answers with a head alone. */
  answerEmpty(status: number, headers: Readonly<Record<string, string>>): void {
    this.#answered([]);
    this.#open({ status, headers }).end();
  }

  #sendErrors({ errors, headers: own }: Refusal, status: number): void {
    // The only operation a method can be wrong for is one that writes.
    const headers = status === METHOD_NOT_ALLOWED_STATUS ? { allow: 'POST', ...own } : own;
    this.#send({ status, contentType: this.form.contentType, body: JSON.stringify({ errors }), isAscii: false, headers });
  }

  #send(text: Text): void {
    const { status, contentType, body, isAscii, headers } = text;
    if (body.length >= COMPRESS_FROM_BYTES) {
      const encoding = contentEncodingOf(this.#acceptEncoding);
      if (encoding !== 'identity') {
        this.#sendCompressed(text, encoding).catch((error: Error) => this.#response.destroy(error));
        return;
      }
    }
    if (text.bytes !== undefined) {
      this.#open({ status, contentType, headers, byteLength: text.bytes.length }).end(text.bytes);
      return;
    }
    // A text whose characters are all single bytes needs no encoding, and goes out in one piece with the head.
    const byteLength = isAscii ? body.length : Buffer.byteLength(body);
    this.#open({ status, contentType, headers, byteLength }).end(body, isAscii ? 'latin1' : 'utf8');
  }

  async #sendCompressed(
    { status, contentType, body, isAscii, headers }: Text,
    encoding: Exclude<ContentEncoding, 'identity'>,
  ): Promise<void> {
    const compressed = await compress(Buffer.from(body, isAscii ? 'latin1' : 'utf8'), encoding);
    const head = { status, contentType, headers: { ...headers, 'content-encoding': encoding }, byteLength: compressed.length };
    this.#open(head).end(compressed);
  }

  /** Writes the head; without a length the body is sent in chunks. */
  #open({ status, contentType, headers, byteLength }: Head): ServerResponse {
    const head = ['x-request-id', this.scope.requestId];
    if (contentType !== undefined) head.push('content-type', contentType);
    // Nothing keeps the answer to a POST.
    if (this.request.method !== 'POST') {
      head.push('vary', VARY);
      if (headers?.['cache-control'] === undefined) head.push('cache-control', CACHE_CONTROL);
    }
    if (this.#deps.cors !== undefined) head.push(...this.#deps.cors.headersOf(this.request));
    if (byteLength !== undefined) head.push('content-length', String(byteLength));
    for (const name in headers) head.push(name, headers[name] ?? '');
    // A client on a kept-alive connection would otherwise never notice the shutdown.
    if (this.#deps.isDraining() && headers?.['connection'] === undefined) head.push('connection', 'close');
    return this.#response.writeHead(status, head);
  }

  get #acceptEncoding(): string | undefined {
    const header = this.request.headers['accept-encoding'];
    return Array.isArray(header) ? header.join(', ') : header;
  }

  #endCancellation(): void {
    if (this.#cancellation === undefined) return;
    this.#deps.operationDeadlines.end(this.#cancellation);
    if (!this.#response.writableFinished) this.#cancellation.cancel('disconnected');
  }

  #answered(reports: readonly AnswerReport[]): void {
    this.#reports = reports;
    this.#reportWhenDone();
  }

  #reportWhenDone(): void {
    if (!this.#isOver || this.#reports === undefined) return;
    const { statusCode, writableFinished } = this.#response;
    const { method = '' } = this.request;
    for (const answer of this.#reports) {
      this.#deps.report({ scope: this.scope, answer, method, status: statusCode, wasAborted: !writableFinished });
    }
  }
}
