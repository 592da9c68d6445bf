import type { SecretLike } from '@loomgraph/auth';
import { redactText } from '@loomgraph/telemetry';
import { SupergraphUnreadableError, type SupergraphReader } from './supergraph-reader.js';

export interface UrlReaderOptions {
  readonly url: string;
  /** Sent as `Authorization: Bearer`; before a name and password in the URL. */
  readonly token?: SecretLike | undefined;
  /** For the whole exchange. */
  readonly timeoutMs: number;
}

/** Answers of a server that may well be another one a moment later. */
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 425, 429]);
const SERVER_FAULT_STATUS = 500;

/**
 * A supergraph behind a URL: a schema registry, an object store, another gateway's file. Asks again with `If-None-Match` or, where the server
 * gave no ETag, `If-Modified-Since`.
 */
export function createUrlReader({ url, token, timeoutMs }: UrlReaderOptions): SupergraphReader {
  const place = redactText(url);
  const refuse = (reason: string, mayPass: boolean, cause?: unknown): SupergraphUnreadableError =>
    new SupergraphUnreadableError(`Supergraph at ${place} cannot be read: ${reason}.`, { mayPass, cause });
  const { address, authorization } = toAddress(url, token);
  let validators: Readonly<Record<string, string>> = {};

  return {
    place,
    async read() {
      let response: Response;
      let text: string;
      try {
        response = await fetch(address, {
          headers: {
            accept: 'application/graphql, text/plain;q=0.9, */*;q=0.8',
            ...(authorization === undefined ? {} : { authorization }),
            ...validators,
          },
          signal: AbortSignal.timeout(timeoutMs),
        });
        text = await response.text();
      } catch (error) {
        throw refuse(reasonOf(error, timeoutMs), true, error);
      }
      const { status } = response;
      if (status === 304) return undefined;
      if (status !== 200) throw refuse(`it answered ${status}`, status >= SERVER_FAULT_STATUS || PASSING_STATUS.has(status));
      const mediaType = response.headers.get('content-type') ?? '';
      // A login page or a proxy's apology; parsed as SDL it would be a syntax error that helps nobody.
      if (mediaType.includes('html')) throw refuse(`it answered with ${mediaType}`, true);
      validators = validatorsOf(response.headers);
      return text;
    },
  };
}

function validatorsOf(headers: Headers): Readonly<Record<string, string>> {
  const etag = headers.get('etag');
  if (etag !== null) return { 'if-none-match': etag };
  const lastModified = headers.get('last-modified');
  return lastModified === null ? {} : { 'if-modified-since': lastModified };
}

/** `fetch` refuses a URL with a name and password in it. */
function toAddress(url: string, token: SecretLike | undefined): { readonly address: string; readonly authorization: string | undefined } {
  const address = new URL(url);
  const credentials = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
  address.username = '';
  address.password = '';
  const basic = credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const bearer = token === undefined ? undefined : `Bearer ${typeof token === 'string' ? token : token.reveal()}`;
  return { address: address.href, authorization: bearer ?? basic };
}

/** `fetch` says only that it failed; the reason is the innermost cause. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if ((error as Error).name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  let innermost = error as { message?: string; cause?: object; errors?: readonly Error[] }; // by shape, not by class: these come from undici
  while (innermost.cause) innermost = innermost.cause;
  const { message, errors } = innermost;
  // A host with several addresses fails with an AggregateError, which says nothing itself.
  return errors === undefined ? message || String(error) : errors.map((one) => one.message).join('; ');
}
