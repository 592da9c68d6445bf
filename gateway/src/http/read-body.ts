import type { BodyRequest, BodySink } from './body-request.js';
import { createDeadlines, type Deadlines, type Timed } from '../deadlines.js';

/**
 * What came of reading a body: `too large` before all of it was read, `too slow` when it did not come to its end in time, `broken off` where
 * the connection ended before it did.
 */
export type ReadBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too large'; /** As announced, or as many as came. */ readonly bytes: number }
  | { readonly kind: 'too slow' | 'broken off' };

export interface BodyLimits {
  readonly maxBodyBytes: number;
  /** From its headers to its end. */
  readonly requestTimeoutMs: number;
}

type Done = (body: ReadBody) => void;

/** Reads the body of a request as UTF-8; calls back once. */
export type BodyReader = (request: BodyRequest, done: Done) => void;

export function createBodyReader({ maxBodyBytes, requestTimeoutMs }: BodyLimits): BodyReader {
  const deadlines = createDeadlines(requestTimeoutMs);
  return (request, done) => {
    const announced = Number(request.headers['content-length']);
    if (announced > maxBodyBytes) done({ kind: 'too large', bytes: announced });
    else request.takeBody(new Reading(maxBodyBytes, deadlines, done));
  };
}

class Reading implements BodySink, Timed {
  readonly startedAt = performance.now();
  readonly #maxBytes: number;
  readonly #deadlines: Deadlines;
  readonly #done: Done;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #bytes = 0;
  #isDone = false;

  constructor(maxBytes: number, deadlines: Deadlines, done: Done) {
    this.#maxBytes = maxBytes;
    this.#deadlines = deadlines;
    this.#done = done;
    deadlines.begin(this);
  }

  data(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#isDone) return;
    if (this.#bytes > this.#maxBytes) this.#finish({ kind: 'too large', bytes: this.#bytes });
    else if (this.#first === undefined) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
  }

  end(): void {
    const body = this.#more === undefined ? this.#first : Buffer.concat(this.#more);
    this.#finish({ kind: 'text', text: body === undefined ? '' : body.toString() });
  }

  expire(): void {
    this.#finish({ kind: 'too slow' });
  }

  brokenOff(): void {
    this.#finish({ kind: 'broken off' });
  }

  #finish(body: ReadBody): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#deadlines.end(this);
    this.#done(body);
  }
}
