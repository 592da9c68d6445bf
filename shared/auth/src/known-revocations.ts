import { systemClock, type Clock } from '@loomgraph/core';
import type { RevocableIdentity, Revocation, RevocationKind } from './revocation-list.js';

interface Kept {
  at: number;
  until: number;
}

const KINDS: readonly RevocationKind[] = ['session', 'user', 'token', 'api-key'];
/** How often entries that are over are looked for. */
const SWEEP_EVERY_MS = 60_000;

/** What is revoked, as one process knows it. */
export class KnownRevocations {
  readonly #byKind = new Map<RevocationKind, Map<string, Kept>>(KINDS.map((kind) => [kind, new Map()]));
  readonly #clock: Clock;
  #sweptAt: number;

  constructor({ clock = systemClock }: { readonly clock?: Clock | undefined } = {}) {
    this.#clock = clock;
    this.#sweptAt = clock.now().getTime();
  }

  get size(): number {
    return [...this.#byKind.values()].reduce((sum, { size }) => sum + size, 0);
  }

  add({ kind, id, at, until }: Revocation): void {
    const now = this.#clock.now().getTime();
    if (now - this.#sweptAt >= SWEEP_EVERY_MS) this.#sweep(now);
    if (until.getTime() <= now) return;
    const entries = this.#byKind.get(kind);
    const known = entries?.get(id);
    const latest = { at: Math.max(at.getTime(), known?.at ?? 0), until: Math.max(until.getTime(), known?.until ?? 0) };
    entries?.set(id, latest);
  }

  concerns({ userId, tokenId, sessionId, apiKeyId, issuedAt }: RevocableIdentity): boolean {
    const user = this.#live('user', userId);
    // Tokens tell seconds: what was issued in the same second may have been issued before.
    if (user !== undefined && Math.floor(issuedAt.getTime() / 1_000) <= Math.floor(user.at / 1_000)) return true;
    return (
      this.#live('session', sessionId) !== undefined ||
      this.#live('token', tokenId) !== undefined ||
      this.#live('api-key', apiKeyId) !== undefined
    );
  }

  #live(kind: RevocationKind, id: string | undefined): Kept | undefined {
    const kept = id === undefined ? undefined : this.#byKind.get(kind)?.get(id);
    return kept !== undefined && kept.until > this.#clock.now().getTime() ? kept : undefined;
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const entries of this.#byKind.values()) {
      for (const [id, { until }] of entries) if (until <= now) entries.delete(id);
    }
  }
}
