import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { MalformedRequest } from '../request/graphql-parameters.js';

/** The body is larger than allowed; the rest of it is not read. */
export class BodyTooLarge extends Error {}

/**
 * Reads a request's body as UTF-8. Rejects with `BodyTooLarge`, with `MalformedRequest` for bytes that are no UTF-8, and with Node's
 * error when the client goes away meanwhile.
 */
export function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > maxBytes) {
      reject(new BodyTooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let byteLength = 0;
    const onData = (chunk: Buffer): void => {
      byteLength += chunk.length;
      chunks.push(chunk);
      if (byteLength <= maxBytes) return;
      request.off('data', onData);
      reject(new BodyTooLarge());
    };
    request.on('data', onData);
    request.on('error', reject);
    request.on('end', () => {
      const [first] = chunks;
      const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, byteLength);
      if (isUtf8(bytes)) resolve(bytes.toString());
      else reject(new MalformedRequest('The body is not valid UTF-8.'));
    });
  });
}
