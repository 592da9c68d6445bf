import type { KeyObject } from 'node:crypto';

/** The public keys of an issuer that runs in this process, so that nobody fetches them over HTTP. */
export interface LocalKeys {
  /** Those its keys are for. */
  readonly algorithms: readonly string[];
  /** The key with this id, while its tokens are accepted; undefined for one that is not the issuer's. */
  publicKey(keyId: string): Promise<{ readonly key: KeyObject; readonly algorithm: string } | undefined>;
}
