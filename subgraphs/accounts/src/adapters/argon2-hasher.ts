import type { PasswordHasher } from '../domain/ports.js';

export interface Argon2Settings {
  readonly memoryBytes: number;
  readonly passes: number;
  readonly parallelism: number;
}

/**
 * Argon2id (RFC 9106), computed on the thread pool: the event loop goes on. The default settings are OWASP's first choice for servers
 * (19 MiB, 2 passes, 1 lane): https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html.
 *
 * The pool has as many threads as `UV_THREADPOOL_SIZE` (4): so many hashes are computed, and so much memory is taken, at once; the others wait.
 */
export function createArgon2Hasher({ memoryBytes, passes, parallelism }: Argon2Settings): PasswordHasher {
  const memoryCost = Math.max(8 * parallelism, Math.round(memoryBytes / 1_024));
  // Loaded when first needed: a process that only verifies tokens has no use for it.
  const load = () => import('@node-rs/argon2');
  const hash = async (password: string): Promise<string> => {
    const argon2 = await load();
    return argon2.hash(password, { algorithm: ARGON2ID, version: VERSION_13, memoryCost, timeCost: passes, parallelism });
  };
  /** Of a password nobody has, with today's settings, so that it costs what a user's costs. */
  let dummy: Promise<string> | undefined;
  return {
    hash,
    async verify(known, password) {
      const { verify } = await load();
      if (known === undefined) {
        await verify(await (dummy ??= hash('no password of anybody')), password);
        return false;
      }
      return verify(known, password);
    },
    needsRehash(known) {
      const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(known);
      if (!match) return true;
      const [m, t, p] = match.slice(1).map(Number);
      return m !== memoryCost || t !== passes || p !== parallelism;
    },
  };
}

/** `Algorithm.Argon2id` and `Version.V0x13`: const enums, which no other module can import. */
const ARGON2ID = 2;
const VERSION_13 = 1;
