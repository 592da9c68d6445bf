import { setTimeout as sleep } from 'node:timers/promises';
import { LoomError, StoreError, systemClock, type Clock } from '@loomgraph/core';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { createHmacKey, type SecretLike } from './hmac-key.js';
import type { LocalKeys } from './local-keys.js';
import { refusalOf } from './token-refused.js';

export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** How an issuer's tokens are verified: with which keys, and which algorithms alone these are for. */
export interface IssuerKeys {
  readonly algorithms: readonly string[];
  readonly getKey: JWTVerifyGetKey;
}

/** Asymmetric only: a published key must never serve as an HMAC secret. */
export const PUBLIC_KEY_ALGORITHMS: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const TIMEOUT_MS = 5_000;
/** After a failed discovery, and between two looks for a key nobody knows. */
const RETRY_MS = 1_000;

/** @throws LoomError CONFIG_INVALID when the secret is too short */
export function secretKeys(secret: SecretLike): IssuerKeys {
  const key = createHmacKey(secret);
  return { algorithms: ['HS256'], getKey: () => key() };
}

/**
 * Keys published at a URL; fetched on first use, again when an unknown key appears, at most once a second. A token of a key that was rotated in
 * since waits that long, together with all others that name unknown keys: its issuer would not take a refusal for the passing thing it is.
 */
export function publishedKeys(jwksUrl: string, options: KeyOptions = {}): IssuerKeys {
  const keySet = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: TIMEOUT_MS,
    // The library's 30 s would refuse the tokens of a key that was just rotated in for as long.
    cooldownDuration: RETRY_MS,
    ...(options.fetch === undefined ? {} : { [customFetch]: options.fetch }),
  });
  let looking: Promise<void> | undefined;
  const lookAgain = (): Promise<void> =>
    (looking ??= sleep(RETRY_MS)
      .then(() => keySet.reload())
      .finally(() => (looking = undefined)));
  const find: JWTVerifyGetKey = async (header, token) => {
    try {
      return await keySet(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !keySet.coolingDown) throw error;
    }
    await lookAgain();
    return keySet(header, token);
  };
  return {
    algorithms: publicAlgorithms(options.algorithms),
    getKey: async (header, token) => {
      try {
        return await find(header, token);
      } catch (error) {
        if (refusalOf(error) !== undefined) throw error;
        throw unavailable('The key set of the identity provider cannot be fetched.', error);
      }
    },
  };
}

/** Keys of an issuer in this process. A token must name one of them, and be signed with that key's own algorithm. */
export function localKeys(source: LocalKeys): IssuerKeys {
  let known: { readonly keys: JSONWebKeySet; readonly getKey: JWTVerifyGetKey } | undefined;
  const load = async (unknownKeyId?: string): Promise<JWTVerifyGetKey> => {
    const keys = await source.read(unknownKeyId);
    if (known?.keys !== keys) known = { keys, getKey: createLocalJWKSet(keys) };
    return known.getKey;
  };
  return {
    algorithms: publicAlgorithms(source.algorithms),
    getKey: async (header, token) => {
      const { kid } = header;
      if (kid === undefined) throw new errors.JWKSNoMatchingKey();
      const getKey = await load();
      const isKnown = known?.keys.keys.some((key) => key.kid === kid) ?? false;
      return (isKnown ? getKey : await load(kid))(header, token);
    },
  };
}

/**
 * Keys of an OpenID provider, found by discovery (OpenID Connect Discovery 1.0 §4): on the first token, again where that failed. The document
 * must name the same issuer, and a provider reached over TLS keys reached over TLS.
 */
export function discoveredKeys(issuer: string, options: KeyOptions & { clock?: Clock } = {}): IssuerKeys {
  const { clock = systemClock } = options;
  let found: Promise<IssuerKeys> | undefined;
  let failedAt = -Infinity;
  const discover = async (): Promise<IssuerKeys> => {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const init = { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: 'application/json' }, redirect: 'error' as const };
    const response = await (options.fetch ?? fetch)(url, init);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const document = (await response.json()) as { readonly issuer?: unknown; readonly jwks_uri?: unknown } | null;
    if (document?.issuer !== issuer) throw new Error(`${url} names another issuer`);
    const { jwks_uri: jwksUrl } = document;
    if (typeof jwksUrl !== 'string' || !URL.canParse(jwksUrl)) throw new Error(`${url} names no jwks_uri`);
    const protocols = issuer.startsWith('https:') ? ['https:'] : ['http:', 'https:'];
    if (!protocols.includes(new URL(jwksUrl).protocol)) throw new Error(`${url} names keys at ${jwksUrl}, which is not reached over TLS`);
    return publishedKeys(jwksUrl, options);
  };
  return {
    algorithms: publicAlgorithms(options.algorithms),
    getKey: async (header, token) => {
      if (found === undefined) {
        if (clock.now().getTime() - failedAt < RETRY_MS) throw unavailable('The identity provider could not be asked for its keys.');
        found = discover();
      }
      let keys: IssuerKeys;
      try {
        keys = await found;
      } catch (error) {
        found = undefined;
        failedAt = clock.now().getTime();
        throw unavailable('The identity provider could not be asked for its keys.', error);
      }
      return keys.getKey(header, token);
    },
  };
}

interface KeyOptions {
  /** Of `PUBLIC_KEY_ALGORITHMS`; all of them when left out. */
  readonly algorithms?: readonly string[] | undefined;
  readonly fetch?: FetchLike | undefined;
}

function publicAlgorithms(wanted: readonly string[] = PUBLIC_KEY_ALGORITHMS): readonly string[] {
  const unknown = wanted.find((name) => !PUBLIC_KEY_ALGORITHMS.includes(name));
  if (unknown === undefined && wanted.length > 0) return wanted;
  throw new LoomError(
    'CONFIG_INVALID',
    `Published keys verify ${PUBLIC_KEY_ALGORITHMS.join(', ')}; ${unknown === undefined ? 'none is given' : `"${unknown}" is not one of them`}.`,
  );
}

function unavailable(message: string, cause?: unknown): StoreError {
  return new StoreError('unavailable', 'identity-provider', message, { cause });
}
