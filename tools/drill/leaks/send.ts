import { request as open, type Agent } from 'node:http';

/** One request as it goes out; nothing in it is checked before. */
export interface DrillRequest {
  readonly method: 'GET' | 'POST';
  /** After the gateway's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The client goes away after this long, whether or not there is an answer. */
  readonly cancelAfterMs?: number;
}

export type Answered =
  | { readonly kind: 'answered'; readonly status: number; readonly mediaType: string; readonly text: string }
  /** By us. */
  | { readonly kind: 'cancelled' };

const TIMEOUT_MS = 30_000;
/** A page of several megabytes need not be kept to be told from another. */
const KEPT_CHARACTERS = 4_000;

/** @throws the connection's error */
export function send(url: string, { method, path, headers, body, cancelAfterMs }: DrillRequest, agent: Agent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = open(`${url}${path}`, { method, agent, headers: { ...headers, ...length }, timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (text.length < KEPT_CHARACTERS) text += chunk;
      });
      response.once('error', fail);
      response.once('end', () => {
        clearTimeout(cancelling);
        const mediaType = response.headers['content-type']?.split(';')[0] ?? '';
        resolve({ kind: 'answered', status: response.statusCode ?? 0, mediaType, text });
      });
    });
    let isCancelled = false;
    const cancelling =
      cancelAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            isCancelled = true;
            outgoing.destroy();
            resolve({ kind: 'cancelled' });
          }, cancelAfterMs);
    const fail = (error: Error): void => {
      clearTimeout(cancelling);
      if (!isCancelled) reject(error);
    };
    outgoing.once('timeout', () => outgoing.destroy(new Error(`No answer within ${TIMEOUT_MS} ms.`)));
    outgoing.once('error', fail);
    outgoing.end(body);
  });
}
