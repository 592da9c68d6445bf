import type { JSONWebKeySet } from 'jose';

/** The public keys of an issuer that runs in this process, so that nobody fetches them over HTTP. */
export interface LocalKeys {
  /** Those its keys are for. */
  readonly algorithms: readonly string[];
  /**
   * The keys whose tokens are accepted now; the same object as long as they are the same keys. Told of a key id that is not among them, as another
   * process may have rotated.
   */
  read(unknownKeyId?: string): Promise<JSONWebKeySet>;
}
