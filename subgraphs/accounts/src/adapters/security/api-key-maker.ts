import { randomBytes } from 'node:crypto';
import { API_KEY_PREFIX, hashApiKeySecret } from '@loomgraph/auth';
import type { KeyMaker } from '../../domain/security/api-keys.js';

const ID_BYTES = 8;
const SECRET_BYTES = 32;

/** `loom_<id>_<secret>`: the id to recognise the key by, 256 random bits of secret. */
export function createKeyMaker(): KeyMaker {
  return {
    make() {
      const id = randomBytes(ID_BYTES).toString('hex');
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      return { id, key: `${API_KEY_PREFIX}${id}_${secret}`, hash: hashApiKeySecret(secret) };
    },
  };
}
