import { syncHeaders } from '@loomgraph/core';
import type { IncomingMessage } from 'node:http';

export interface CorsSettings {
  /** Origins as browsers write them, `https://app.example:8443`; or `*` alone for any, which excludes credentials. */
  readonly origins: readonly string[];
  /** Whether browsers may send cookies and client certificates. */
  readonly credentials: boolean;
  /** How long browsers may remember what a preflight said. */
  readonly maxAgeMs: number;
}

type HeaderList = readonly string[];

/** What browsers are told of requests from pages of other sites (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export interface Cors {
  /** Names and values in turn, for every answer; those of an origin that is not allowed let the browser keep the answer from the page. */
  headersOf(request: IncomingMessage): HeaderList;
  /** For the answer to OPTIONS, beside `headersOf`; empty where it is no preflight of an origin that is allowed. `methods` are those of `/graphql` where left out. */
  preflightHeadersOf(request: IncomingMessage, methods?: string): Readonly<Record<string, string>>;
}

const ANY = '*';
const NONE: HeaderList = [];
const MS_PER_SECOND = 1_000;
/** Headers of answers that a page may read beside those it always may. */
const EXPOSED = ['x-request-id', 'retry-after', 'ratelimit', 'ratelimit-policy', syncHeaders.token].join(', ');
const METHODS = 'GET, HEAD, POST';
/** What a browser asks for is a list of header names it would send; anything else is not repeated to it. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*$/;
const MAX_HEADER_NAMES = 1_000;

/** Exact origins only: no patterns, no suffixes, and never the origin that happens to ask. Undefined where none is allowed. */
export function createCors({ origins, credentials, maxAgeMs }: CorsSettings): Cors | undefined {
  if (origins.length === 0) return undefined;
  const isAny = origins.includes(ANY);
  if (isAny && credentials) throw new Error('CORS: any origin, and credentials, exclude each other.');
  const shared = ['access-control-expose-headers', EXPOSED, ...(credentials ? ['access-control-allow-credentials', 'true'] : [])];
  const allowedAny: HeaderList = ['access-control-allow-origin', ANY, ...shared];
  // A cache must not give the answer for one origin to another.
  const refused: HeaderList = ['vary', 'Origin'];
  const allowed = new Map(origins.map((origin) => [origin, [...refused, 'access-control-allow-origin', origin, ...shared] as HeaderList]));
  const maxAge = String(Math.floor(maxAgeMs / MS_PER_SECOND));

  const isAllowed = (origin: string | undefined): boolean => origin !== undefined && (isAny || allowed.has(origin));
  return {
    headersOf({ headers: { origin } }) {
      if (isAny) return origin === undefined ? NONE : allowedAny;
      return (origin === undefined ? undefined : allowed.get(origin)) ?? refused;
    },
    preflightHeadersOf({ headers }, methods = METHODS) {
      if (!isAllowed(headers.origin) || headers['access-control-request-method'] === undefined) return {};
      const asked = headers['access-control-request-headers'];
      const isList = asked !== undefined && asked.length <= MAX_HEADER_NAMES && HEADER_NAMES.test(asked);
      return {
        'access-control-allow-methods': methods,
        ...(isList ? { 'access-control-allow-headers': asked } : {}),
        'access-control-max-age': maxAge,
      };
    },
  };
}
