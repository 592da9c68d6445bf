import { createHash, randomBytes } from 'node:crypto';
import type { ShareTokens } from '../domain/ports.js';

const TOKEN_BYTES = 32;

export const shareTokens: ShareTokens = {
  make: () => randomBytes(TOKEN_BYTES).toString('base64url'),
  hash: (token) => createHash('sha256').update(token).digest('hex'),
};
