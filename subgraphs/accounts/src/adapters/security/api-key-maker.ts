import { createHash, randomBytes } from 'node:crypto';
import { API_KEY_PREFIX } from '@loomgraph/auth';
import type { KeyMaker } from '../../domain/security/api-keys.js';

const ID_BYTES = 8;
/** Nothing is gained by trying: so a fast hash keeps the secret as well as a slow one. */
const SECRET_BYTES = 32;
const FORM = /^loom_([\da-f]{16})_([\w-]{43})$/;

/** `loom_<id>_<secret>`: the id to recognise the key by, 256 random bits of secret. */
export function createKeyMaker(): KeyMaker {
  return {
    make() {
      const id = randomBytes(ID_BYTES).toString('hex');
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      return { id, key: `${API_KEY_PREFIX}${id}_${secret}`, hash: hashSecret(secret) };
    },
  };
}

export function parseKey(key: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = FORM.exec(key) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
