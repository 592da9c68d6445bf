import { createHash } from 'node:crypto';
import type { RedisKey } from 'ioredis';
import type { RedisClient } from './redis-client.js';

/** A Lua script, sent by its digest; a server that does not know it yet is sent the text. */
export class RedisScript {
  readonly #lua: string;
  readonly #digest: string;

  constructor(lua: string) {
    this.#lua = lua;
    this.#digest = createHash('sha1').update(lua).digest('hex');
  }

  /** All `keys`, and every key the script makes out of its arguments, belong to one slot. */
  async run(client: RedisClient, keys: readonly RedisKey[], args: readonly (string | Buffer | number)[]): Promise<unknown> {
    try {
      return await client.evalsha(this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.eval(this.#lua, keys.length, ...keys, ...args);
    }
  }
}
