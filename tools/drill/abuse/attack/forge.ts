import { createHmac, type BinaryLike } from 'node:crypto';

/** A token put together by hand: libraries refuse to make most of what an attacker sends. */
export interface ForgedToken {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signs the two parts; left out: no signature at all. */
  readonly sign?: (signed: string) => Buffer | string;
}

const LIFETIME_SECONDS = 600;

export function forgeToken({ header = {}, claims = {}, sign = () => '' }: ForgedToken): string {
  const signed = `${encode({ alg: 'HS256', typ: 'at+jwt', ...header })}.${encode({ ...adminClaims(), ...claims })}`;
  const signature = sign(signed);
  return `${signed}.${typeof signature === 'string' ? signature : signature.toString('base64url')}`;
}

/** What somebody who wants everything would write. */
export function adminClaims(): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  return { sub: 'abuse-forged', roles: ['admin'], scope: 'admin', iat: now, exp: now + LIFETIME_SECONDS, jti: `forged-${now}` };
}

export function hs256(key: BinaryLike): (signed: string) => Buffer {
  return (signed) => createHmac('sha256', key).update(signed).digest();
}

/** The header and the claims of a token, without a look at its signature. */
export function readToken(token: string): { readonly header: Record<string, unknown>; readonly claims: Record<string, unknown> } {
  const [header = '', claims = ''] = token.split('.');
  return { header: decode(header), claims: decode(claims) };
}

export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>; // tokens the product issued hold JSON objects
}
