import type { IncomingMessage } from 'node:http';

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

const NOTHING: ReadBody = { kind: 'text', text: '' };

/** Reads the body of a request as UTF-8; calls back once. */
export function readBody(request: IncomingMessage, limits: BodyLimits, done: (body: ReadBody) => void): void {
  const { maxBodyBytes, requestTimeoutMs } = limits;
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let bytes = 0;
  let isDone = false;
  const announced = Number(request.headers['content-length']);
  if (announced > maxBodyBytes) {
    done({ kind: 'too large', bytes: announced });
    return;
  }
  const timer = setTimeout(() => finish({ kind: 'too slow' }), requestTimeoutMs);
  const finish = (body: ReadBody): void => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    done(body);
  };
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (isDone) return;
    if (bytes > maxBodyBytes) finish({ kind: 'too large', bytes });
    else if (first === undefined) first = chunk;
    else (more ??= [first]).push(chunk);
  });
  request.on('end', () => finish(first === undefined ? NOTHING : { kind: 'text', text: (more ? Buffer.concat(more) : first).toString() }));
  request.on('error', () => finish({ kind: 'broken off' }));
}
