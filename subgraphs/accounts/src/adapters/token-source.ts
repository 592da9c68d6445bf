import { createHash, randomBytes } from 'node:crypto';
import type { TokenSource } from '../domain/ports.js';
import { createSealer } from './sealer.js';

const TOKEN_BYTES = 32;

/** Random tokens; only their SHA-256 is kept, which is enough for 256 random bits (no guessing to slow down). */
export const tokenSource: TokenSource = {
  random: () => randomBytes(TOKEN_BYTES).toString('base64url'),
  hash: (token) => createHash('sha256').update(token).digest('base64url'),
  seal: (text, token) => createSealer(token, 'successor').seal(text),
  open: (sealed, token) => createSealer(token, 'successor').open(sealed),
};
