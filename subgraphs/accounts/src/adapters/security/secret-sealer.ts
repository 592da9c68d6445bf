import { StoreError } from '@loomgraph/core';
import type { SecretSealer } from '../../domain/security/second-factor.js';
import type { Sealer } from '../sealer.js';

const SEPARATOR = '\n';

/** Binds what is sealed to its context: put into another user's row it does not open. */
export function createSecretSealer(sealer: Sealer): SecretSealer {
  return {
    seal: (text, context) => sealer.seal(`${context}${SEPARATOR}${text}`),
    open(sealed, context) {
      const text = sealer.open(sealed);
      if (!text.startsWith(`${context}${SEPARATOR}`))
        throw new StoreError('corrupt', 'accounts', 'A sealed value was moved to another record.');
      return text.slice(context.length + SEPARATOR.length);
    },
  };
}
