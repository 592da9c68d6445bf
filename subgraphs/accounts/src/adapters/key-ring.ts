import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { LoomError, StoreError, type Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { KeyRingEntity, SigningKeyEntity } from '../store/entities.js';
import type { Sealer } from './sealer.js';

export type KeyAlgorithm = 'EdDSA' | 'RS256';

export interface PublishedKey extends JWK {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
}

/** RFC 7517. */
export interface PublishedKeys {
  readonly keys: PublishedKey[];
}

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: KeyObject;
}

/**
 * The keys that sign access tokens.
 *
 * 1. One key signs; those before it verify until the last token they signed has expired. All are in the database, private parts encrypted.
 * 2. `current` makes a key where there is none, where the last is of another algorithm, or older than `lifetimeMs`. Of processes that
 *    find so at once, one makes it.
 * 3. A process learns of another's rotation within `REFRESH_MS`, or when a token names a key it does not know (at most once a second).
 */
export interface KeyRing {
  current(): Promise<SigningKey>;
  /** Makes another key sign from now on. @returns its id */
  rotate(): Promise<string>;
  /**
   * The public keys, the signing one first: what `/.well-known/jwks.json` shows. The same object as long as they are the same keys.
   * @param unknownKeyId of a token that none of them has signed: another process may have rotated
   */
  published(unknownKeyId?: string): Promise<PublishedKeys>;
}

const REFRESH_MS = 60_000;
const UNKNOWN_KEY_REFRESH_MS = 1_000;
const RSA_BITS = 2_048;
const generate = promisify(generateKeyPair);

interface Loaded {
  readonly signing: SigningKey | undefined;
  readonly signingSince: Date | undefined;
  readonly published: PublishedKeys;
}

export function createKeyRing(deps: {
  readonly store: RelationalStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly algorithm: KeyAlgorithm;
  /** A key older than this is replaced. */
  readonly lifetimeMs: number;
  /** How long a token may be believed after its key has retired: life and tolerance of an access token. */
  readonly tokenMs: number;
}): KeyRing {
  const { store, sealer, clock, algorithm, lifetimeMs, tokenMs } = deps;
  let loaded: Promise<Loaded> | undefined;
  let loadedAt = -Infinity;
  let published: PublishedKeys = { keys: [] };

  const read = async (): Promise<Loaded> => {
    const now = clock.now();
    const em = store.read();
    const ring = await em.findOne(KeyRingEntity, { id: 1 });
    const rows = await em.find(
      SigningKeyEntity,
      { $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] },
      { orderBy: { createdAt: 'desc' } },
    );
    const signing = rows.find(({ kid }) => kid === ring?.kid);
    const ordered = signing ? [signing, ...rows.filter((row) => row !== signing)] : rows;
    return {
      signing: signing && {
        kid: signing.kid,
        algorithm: signing.algorithm as KeyAlgorithm, // as `insertKey` wrote it, and so the keys below
        privateKey: openPrivate(signing.privateSealed, sealer),
      },
      signingSince: signing?.createdAt,
      published: inOneObject(ordered.map(({ publicJwk }) => publicJwk as unknown as PublishedKey)),
    };
  };

  const inOneObject = (keys: PublishedKey[]): PublishedKeys => {
    const ids = keys.map(({ kid }) => kid).join();
    if (ids !== published.keys.map(({ kid }) => kid).join()) published = { keys };
    return published;
  };

  const load = (maxAgeMs: number): Promise<Loaded> => {
    const now = clock.now().getTime();
    if (loaded && now - loadedAt < maxAgeMs) return loaded;
    loadedAt = now;
    const reading = read();
    loaded = reading;
    reading.catch(() => {
      if (loaded === reading) loaded = undefined; // the next call tries again
    });
    return reading;
  };

  /** @param replace whether this key is to be replaced, decided under the lock */
  const replaceKey = (replace: (signing: { kid: string; algorithm: string; createdAt: Date } | null) => boolean): Promise<string> =>
    store.transaction(async (em) => {
      const ring = await em.findOneOrFail(KeyRingEntity, { id: 1 }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const signing = ring.kid == null ? null : await em.findOne(SigningKeyEntity, { kid: ring.kid });
      if (signing && !replace(signing)) return signing.kid;
      const now = clock.now();
      if (signing) em.assign(signing, { retiredAt: now, expiresAt: new Date(now.getTime() + tokenMs) });
      const kid = await insertKey(em, { algorithm, sealer, now });
      ring.kid = kid;
      return kid;
    });

  const isOutdated = (signing: { algorithm: string; createdAt: Date } | null | undefined): boolean =>
    !signing || signing.algorithm !== algorithm || clock.now().getTime() - signing.createdAt.getTime() >= lifetimeMs;

  return {
    async current() {
      const known = await load(REFRESH_MS);
      if (known.signing && known.signingSince && !isOutdated({ algorithm: known.signing.algorithm, createdAt: known.signingSince }))
        return known.signing;
      await replaceKey(isOutdated);
      const { signing } = await load(0);
      if (!signing) throw new StoreError('corrupt', 'accounts', 'The key ring names no key, just after one was made.');
      return signing;
    },
    async rotate() {
      const kid = await replaceKey(() => true);
      await load(0);
      return kid;
    },
    async published(unknownKeyId) {
      const known = (await load(REFRESH_MS)).published;
      if (unknownKeyId === undefined || known.keys.some(({ kid }) => kid === unknownKeyId)) return known;
      return (await load(UNKNOWN_KEY_REFRESH_MS)).published;
    },
  };
}

async function insertKey(em: EntityManager, options: { algorithm: KeyAlgorithm; sealer: Sealer; now: Date }): Promise<string> {
  const { algorithm, sealer, now } = options;
  const { publicKey, privateKey } = algorithm === 'EdDSA' ? await generate('ed25519') : await generate('rsa', { modulusLength: RSA_BITS });
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  // RFC 7638: the id follows from the key, so nobody can publish another key under it.
  const kid = await calculateJwkThumbprint(jwk);
  em.create(SigningKeyEntity, {
    kid,
    algorithm,
    publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' },
    privateSealed: sealer.seal(privateKey.export({ format: 'pem', type: 'pkcs8' }) as string),
    createdAt: now,
    retiredAt: null,
    expiresAt: null,
  });
  return kid;
}

function openPrivate(sealed: string, sealer: Sealer): KeyObject {
  try {
    return createPrivateKey(sealer.open(sealed));
  } catch (cause) {
    throw new LoomError(
      'CONFIG_INVALID',
      'The signing key in the accounts database does not open: it was encrypted with another ACCOUNTS_SECRET (without one, with the secret of the data folder). Set the one it was made with.',
      { cause },
    );
  }
}
