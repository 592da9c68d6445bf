import { networkOf, type Clock } from '@loomgraph/core';
import { AccountLocked, TooManyLogins } from './errors.js';

/** Counters with a lifetime, shared by all processes of an installation. */
export interface AttemptCounters {
  /** Adds to a counter and answers what it is then; its time to live counts from its creation. */
  add(key: string, by: number, ttlMs: number): Promise<number>;
  /** The time kept under the key; undefined where there is none. */
  until(key: string): Promise<number | undefined>;
  setUntil(key: string, timeMs: number, ttlMs: number): Promise<void>;
  forget(...keys: readonly string[]): Promise<void>;
  /** What stands for an e-mail address or a network: nobody can tell it back. */
  pseudonym(text: string): string;
}

export interface ThrottleSettings {
  /** Attempts on an account before each further one has to wait. */
  readonly freeAttempts: number;
  /** The first wait; each is twice as long as the one before. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** For how long attempts on an account are remembered. */
  readonly memoryMs: number;
  /** Attempts from a network (an address of IPv4, the /64 of IPv6), on whichever accounts, in `windowMs`, those that succeeded not counted. */
  readonly perNetwork: number;
  readonly windowMs: number;
}

export interface Attempt {
  /** Normalised. An address that nobody has is counted as one that somebody has. */
  readonly email: string;
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

/** What the throttle tells whoever keeps books. */
export type ThrottleNotice =
  /** From now on each attempt on the account has to wait. */
  | { readonly kind: 'locked'; readonly account: string; readonly waitMs: number; readonly attempt: Attempt }
  | {
      readonly kind: 'refused';
      readonly by: 'account' | 'address';
      readonly isFirst: boolean;
      readonly account: string;
      readonly attempt: Attempt;
    };

/**
 * Keeps passwords and codes from being guessed.
 *
 * 1. An attempt is counted before it is tried, so that attempts made at once count each. `succeeded` takes back what it counted, and forgets the account's.
 * 2. After `freeAttempts` on an account, one attempt may be tried in each wait; waits double from `firstWaitMs` to `longestWaitMs`. The others are refused
 *    with ACCOUNT_LOCKED and count for nothing, so that nobody can make the wait longer by asking.
 * 3. More than `perNetwork` attempts from an address in a window are refused with RATE_LIMITED, whichever accounts they are on; before the account is
 *    counted, so that one address cannot lock many accounts.
 * 4. What is refused, and for how long, does not depend on whether there is such an account.
 * 5. `unlock` forgets the account's attempts: for a password that was reset, and for administrators.
 */
export interface LoginThrottle {
  /** @throws AccountLocked, TooManyLogins */
  admit(attempt: Attempt): Promise<void>;
  failed(attempt: Attempt): Promise<void>;
  succeeded(attempt: Attempt): Promise<void>;
  unlock(email: string): Promise<void>;
}

export function createLoginThrottle(deps: {
  readonly counters: AttemptCounters;
  readonly settings: ThrottleSettings;
  readonly clock: Clock;
  readonly notify: (notice: ThrottleNotice) => void;
}): LoginThrottle {
  const { counters, settings, clock, notify } = deps;

  const keysOf = ({ email, address }: Pick<Attempt, 'email' | 'address'>) => {
    const account = counters.pseudonym(email);
    const from = address === undefined ? undefined : counters.pseudonym(networkOf(address));
    return {
      account,
      attempts: `attempts:${account}`,
      gate: `gate:${account}`,
      until: `until:${account}`,
      address: from === undefined ? undefined : { count: `from:${from}`, until: `from-until:${from}`, pair: `pair:${from}:${account}` },
    };
  };

  const admitAddress = async (keys: ReturnType<typeof keysOf>, attempt: Attempt): Promise<void> => {
    const { address } = keys;
    if (address === undefined) return;
    const count = await counters.add(address.count, 1, settings.windowMs);
    const now = clock.now().getTime();
    if (count === 1) await counters.setUntil(address.until, now + settings.windowMs, settings.windowMs);
    if (count > settings.perNetwork) {
      notify({ kind: 'refused', by: 'address', isFirst: count === settings.perNetwork + 1, account: keys.account, attempt });
      throw new TooManyLogins(secondsUntil(await counters.until(address.until), now, settings.windowMs));
    }
    await counters.add(address.pair, 1, settings.windowMs);
  };

  const admitAccount = async (keys: ReturnType<typeof keysOf>, attempt: Attempt): Promise<void> => {
    const count = await counters.add(keys.attempts, 1, settings.memoryMs);
    if (count <= settings.freeAttempts) return;
    const waitMs = Math.min(settings.longestWaitMs, settings.firstWaitMs * 2 ** Math.min(count - settings.freeAttempts - 1, 30));
    const now = clock.now().getTime();
    // The first to come to the gate passes and closes it for the wait: of attempts made at once there is one first.
    const place = await counters.add(keys.gate, 1, waitMs);
    if (place === 1) {
      await counters.setUntil(keys.until, now + waitMs, waitMs);
      notify({ kind: 'locked', account: keys.account, waitMs, attempt });
      return;
    }
    await counters.add(keys.attempts, -1, settings.memoryMs);
    notify({ kind: 'refused', by: 'account', isFirst: place === 2, account: keys.account, attempt });
    throw new AccountLocked(secondsUntil(await counters.until(keys.until), now, waitMs));
  };

  return {
    async admit(attempt) {
      const keys = keysOf(attempt);
      await admitAddress(keys, attempt);
      await admitAccount(keys, attempt);
    },
    // It was counted when it was admitted.
    failed: () => Promise.resolve(),
    async succeeded(attempt) {
      const keys = keysOf(attempt);
      await counters.forget(keys.attempts, keys.gate, keys.until);
      const { address } = keys;
      if (address === undefined) return;
      const own = await counters.add(address.pair, 0, settings.windowMs);
      await counters.forget(address.pair);
      await counters.add(address.count, -own, settings.windowMs);
    },
    async unlock(email) {
      const { attempts, gate, until } = keysOf({ email });
      await counters.forget(attempts, gate, until);
    },
  };
}

function secondsUntil(until: number | undefined, now: number, otherwiseMs: number): number {
  return Math.max(1, Math.ceil((until === undefined ? otherwiseMs : until - now) / 1_000));
}
