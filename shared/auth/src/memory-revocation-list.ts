import type { Clock } from '@loomgraph/core';
import { KnownRevocations } from './known-revocations.js';
import type { RevocationList } from './revocation-list.js';

/** For an installation of one process: nothing is shared, and nothing survives it. */
export function createMemoryRevocationList(options: { readonly clock?: Clock | undefined } = {}): RevocationList {
  const known = new KnownRevocations(options);
  return {
    async revoke(entry) {
      known.add(entry);
    },
    isRevoked: (identity) => known.concerns(identity),
    state: () => ({ isCurrent: true, ageMs: 0, entries: known.size }),
  };
}
