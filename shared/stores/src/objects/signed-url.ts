import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@loomgraph/core';

/** What a signed URL permits. */
export interface Grant {
  readonly method: 'GET' | 'PUT';
  readonly key: string;
  /** Of a PUT. */
  readonly contentType?: string;
  /** Of a PUT. */
  readonly maxBytes?: number;
  /** Of a GET. */
  readonly downloadName?: string;
}

/** Signs and checks URLs of objects under a public URL, by HMAC-SHA256 over everything the URL permits. */
export class SignedUrls {
  readonly #base: URL;
  readonly #secret: string;
  readonly #clock: Clock;

  constructor(options: { publicUrl: string; secret: string; clock: Clock }) {
    this.#base = new URL(options.publicUrl.endsWith('/') ? options.publicUrl : `${options.publicUrl}/`);
    this.#secret = options.secret;
    this.#clock = options.clock;
  }

  sign(grant: Grant, expiresInSeconds: number): string {
    const url = new URL(this.#base);
    url.pathname += grant.key.split('/').map(encodeURIComponent).join('/');
    const expires = Math.floor(this.#clock.now().getTime() / 1_000) + expiresInSeconds;
    const parameters = {
      method: grant.method,
      expires: String(expires),
      ...(grant.contentType !== undefined && { type: grant.contentType }),
      ...(grant.maxBytes !== undefined && { max: String(grant.maxBytes) }),
      ...(grant.downloadName !== undefined && { name: grant.downloadName }),
      signature: this.#signature(grant, expires),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  /** What the URL of a request permits; undefined when it is not ours, was changed or has expired. */
  verify(requestUrl: string): Grant | undefined {
    const url = URL.canParse(requestUrl, this.#base.href) ? new URL(requestUrl, this.#base) : undefined;
    const key = url && this.#keyOf(url.pathname);
    const { method, expires, type, max, name, signature = '' } = Object.fromEntries(url?.searchParams ?? []);
    if (key === undefined || (method !== 'GET' && method !== 'PUT')) return undefined;
    const grant: Grant = {
      method,
      key,
      ...(type !== undefined && { contentType: type }),
      ...(max !== undefined && { maxBytes: Number(max) }),
      ...(name !== undefined && { downloadName: name }),
    };
    const expected = Buffer.from(this.#signature(grant, Number(expires)));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return this.#clock.now().getTime() < Number(expires) * 1_000 ? grant : undefined;
  }

  #keyOf(pathname: string): string | undefined {
    if (!pathname.startsWith(this.#base.pathname)) return undefined;
    try {
      return decodeURIComponent(pathname.slice(this.#base.pathname.length));
    } catch {
      return undefined;
    }
  }

  #signature({ method, key, contentType, maxBytes, downloadName }: Grant, expires: number): string {
    // An array of JSON: no two different grants have the same text.
    const text = JSON.stringify([method, key, expires, contentType ?? null, maxBytes ?? null, downloadName ?? null]);
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }
}
