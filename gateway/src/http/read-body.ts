import type { IncomingMessage } from 'node:http';

/** What came of reading a body: `too large` before all of it was read, `broken off` where the connection ended before it did. */
export type ReadBody = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'too large' | 'broken off' };

const NOTHING: ReadBody = { kind: 'text', text: '' };

/** Reads the body of a request as UTF-8; calls back once. */
export function readBody(request: IncomingMessage, maxBytes: number, done: (body: ReadBody) => void): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let bytes = 0;
  let isDone = false;
  const finish = (body: ReadBody): void => {
    if (isDone) return;
    isDone = true;
    done(body);
  };
  if (Number(request.headers['content-length']) > maxBytes) {
    finish({ kind: 'too large' });
    return;
  }
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) finish({ kind: 'too large' });
    else if (first === undefined) first = chunk;
    else (more ??= [first]).push(chunk);
  });
  request.on('end', () => finish(first === undefined ? NOTHING : { kind: 'text', text: (more ? Buffer.concat(more) : first).toString() }));
  request.on('error', () => finish({ kind: 'broken off' }));
}
