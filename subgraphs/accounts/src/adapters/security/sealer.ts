import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { StoreError } from '@loomgraph/core';
import type { Sealer } from '../../domain/security/second-factor.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Of what is sealed; another one would say how to open it. */
const FORMAT = 'v1';

/** AES-256-GCM with a key derived from the process's secret (HKDF), the context authenticated with it. `purpose` keeps the keys of different uses apart. */
export function createSealer({ secret, purpose }: { secret: string; purpose: string }): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `loomgraph:${purpose}`, 32));
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${FORMAT}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(sealed, context) {
      const [format, text = ''] = sealed.split('.');
      const bytes = Buffer.from(text, 'base64url');
      try {
        if (format !== FORMAT) throw new Error(`It is of the format ${format}.`);
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(context));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new StoreError(
          'corrupt',
          'accounts',
          'What was sealed does not open: ACCOUNTS_SECRET is another one, or the record was changed.',
          { cause },
        );
      }
    },
  };
}
