import { decodeSyncToken, type StaleRead, type SyncPosition } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { findPending, type Pending } from './pending.js';

/** Names of projections by subgraph. */
export type ProjectionNames = Readonly<Record<string, readonly string[]>>;

export interface WaitOptions {
  /** 0 looks once. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * The database of a subgraph's engine; undefined where this process has no way to it. Called for subgraphs that a token and a reader both name,
 * and again after a failure.
 */
export type OpenEngine = (subgraph: string) => Promise<RelationalStore> | undefined;

const FIRST_POLL_MS = 15;
const LONGEST_POLL_MS = 100;
/** A look that is slow, in front of a long backlog, say, is not repeated at once: looking takes this part of the time at most. */
const LOOKING_AT_MOST = 1 / 5;

/** Waits for what a token stands for to be applied; for readers of projected stores. */
export class SyncTokens {
  readonly #open: OpenEngine;
  readonly #waiting = new Set<() => void>();

  constructor(options: { readonly open: OpenEngine }) {
    this.#open = options.open;
  }

  /** Something was applied by this process: those who wait look now. Others are seen by polling, 15 ms at first, at most 100 ms. */
  readonly wake = (): void => {
    for (const look of this.#waiting) look();
  };

  /**
   * Resolves undefined once everything up to the token is in the projections, and what had not arrived where that takes longer than `timeoutMs`; at
   * once where it will not arrive (a dead letter) or where there is no way to look. A token that names none of these subgraphs waits for nothing.
   * @throws LoomError INVALID_SYNC_TOKEN; the reason of an aborted `signal`
   */
  async waitFor(token: string, projections: ProjectionNames, options: WaitOptions): Promise<StaleRead | undefined> {
    const positions = decodeSyncToken(token);
    const deadline = performance.now() + options.timeoutMs;
    const stale = await Promise.all(
      Object.entries(projections).flatMap(([subgraph, names]) => {
        const position = positions.get(subgraph);
        return position && names.length > 0 ? [this.#waitForOne({ subgraph, position, names, deadline, signal: options.signal })] : [];
      }),
    );
    return stale.reduce((one, other) => (one && other ? mergeStale(one, other) : (one ?? other)), undefined);
  }

  async #waitForOne(wait: Wait): Promise<StaleRead | undefined> {
    const { subgraph, position, names, deadline, signal } = wait;
    const unknown = (): StaleRead => ({ reason: 'unknown', projections: qualified(subgraph, names) });
    let store: RelationalStore | undefined;
    try {
      store = await this.#open(subgraph);
    } catch {
      return unknown(); // its store's health says why
    }
    if (!store) return unknown();
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(LONGEST_POLL_MS, pollMs * 1.5)) {
      signal?.throwIfAborted();
      const startedAt = performance.now();
      // Listened for before the look: what is applied during it must not be slept through.
      const woken = this.#nextWake();
      try {
        const pending = await findPending(store, position, names).catch(() => undefined);
        if (!pending) return unknown();
        if (pending.length === 0) return undefined;
        const now = performance.now();
        if (now >= deadline || pending.some(({ isDead }) => isDead)) return toStale(subgraph, names, pending);
        const lookMs = now - startedAt;
        await woken.within(Math.min(deadline - now, Math.max(pollMs, lookMs / LOOKING_AT_MOST)), signal);
      } finally {
        woken.forget();
      }
    }
  }

  #nextWake(): { within(ms: number, signal: AbortSignal | undefined): Promise<void>; forget(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    return {
      async within(ms, signal) {
        const timer = setTimeout(resolve, ms);
        const aborted = (): void => resolve();
        signal?.addEventListener('abort', aborted);
        await promise;
        signal?.removeEventListener('abort', aborted);
        clearTimeout(timer);
      },
      forget: () => void this.#waiting.delete(resolve),
    };
  }
}

interface Wait {
  readonly subgraph: string;
  readonly position: SyncPosition;
  readonly names: readonly string[];
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

function toStale(subgraph: string, names: readonly string[], pending: readonly Pending[]): StaleRead {
  const oldest = Math.min(...pending.map(({ changedAt }) => changedAt));
  // What is in the outbox yet may be for any of them.
  const behind = pending.some(({ projection }) => projection === undefined) ? names : pending.map(({ projection }) => projection ?? '');
  return {
    reason: pending.some(({ isDead }) => isDead) ? 'dead-letter' : 'timeout',
    projections: qualified(subgraph, behind),
    lagSeconds: Math.max(0, Date.now() - oldest) / 1_000,
  };
}

function qualified(subgraph: string, projections: readonly string[]): string[] {
  return [...new Set(projections)].sort().map((projection) => `${subgraph}/${projection}`);
}

function mergeStale(one: StaleRead, other: StaleRead): StaleRead {
  const lags = [one.lagSeconds, other.lagSeconds].filter((lag) => lag !== undefined);
  return {
    reason: one.reason === 'timeout' ? other.reason : one.reason,
    projections: [...one.projections, ...other.projections].sort(),
    ...(lags.length > 0 ? { lagSeconds: Math.max(...lags) } : {}),
  };
}
