import type { Lock } from './port.js';

/** Expired locks are swept when this many are held at once, so that names used once do not pile up. */
const SWEEP_AT = 1_000;

/** Locks of one process. One counter serves all names, so the token of each name rises without a memory of released names. */
export class MemoryLocks {
  readonly #held = new Map<string, { token: number; expiresAtMs: number }>();
  readonly #now: () => number;
  readonly #assertOpen: () => void;
  #lastToken = 0;

  constructor({ now, assertOpen }: { now: () => number; assertOpen: () => void }) {
    this.#now = now;
    this.#assertOpen = assertOpen;
  }

  acquire(name: string, ttlMs: number): Lock | null {
    const holder = this.#held.get(name);
    if (holder && holder.expiresAtMs > this.#now()) return null;
    if (this.#held.size >= SWEEP_AT) this.#sweep();
    this.#lastToken += 1;
    const token = this.#lastToken;
    this.#held.set(name, { token, expiresAtMs: this.#now() + ttlMs });
    return {
      name,
      token,
      extend: async (extendMs) => {
        const mine = this.#mine(name, token);
        if (mine) mine.expiresAtMs = this.#now() + extendMs;
        return mine !== undefined;
      },
      release: async () => this.#mine(name, token) !== undefined && this.#held.delete(name),
    };
  }

  #mine(name: string, token: number): { token: number; expiresAtMs: number } | undefined {
    this.#assertOpen();
    const holder = this.#held.get(name);
    return holder?.token === token && holder.expiresAtMs > this.#now() ? holder : undefined;
  }

  #sweep(): void {
    for (const [name, { expiresAtMs }] of this.#held) if (expiresAtMs <= this.#now()) this.#held.delete(name);
  }
}
