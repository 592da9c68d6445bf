import { LRUCache } from 'lru-cache';
import type { Clock } from '@loomgraph/core';
import type { BudgetCounter, BudgetPolicy, BudgetState, Spending } from './budget.js';

export interface ReservedBudgetDeps {
  readonly policy: BudgetPolicy;
  readonly counter: BudgetCounter;
  readonly clock: Clock;
}

/** A budget of many callers, spent without waiting as a rule. */
export interface ReservedBudget {
  readonly policy: BudgetPolicy;
  /** Answers at once where enough is reserved, or where it is known that nothing more can be had. */
  spend(key: string, cost: number): Spending | Promise<Spending>;
  /** What was spent and not used can be spent again, by this process. */
  giveBack(key: string, cost: number): void;
  /** Undefined: nothing is known of the key, or its window has ended. */
  look(key: string): BudgetState | undefined;
}

/** Each reservation is this part of a budget: so much may lie unused in each process when a window ends, and one in so many requests waits. */
const SHARES = 20;
/** Callers that are remembered; one that is forgotten costs a question to the counter. */
const KEYS = 20_000;

interface Account {
  /** Counted already, and not spent. */
  reserved: number;
  /** What the counter had left when it was asked last. */
  left: number;
  endsAt: number;
  /** The last question to the counter: they are put one after another. */
  asking: Promise<unknown>;
}

/**
 * Takes points from the counter in shares, and spends from those without asking: a request in twenty waits for the counter at most, and
 * together no more is spent than the budget. What is known to be gone is refused without asking.
 */
export function createReservedBudget({ policy, counter, clock }: ReservedBudgetDeps): ReservedBudget {
  const share = Math.max(1, Math.floor(policy.points / SHARES));
  const accounts = new LRUCache<string, Account>({ max: KEYS });

  const accountOf = (key: string, now: number): Account | undefined => {
    const account = accounts.get(key);
    return account !== undefined && now < account.endsAt ? account : undefined;
  };

  const answer = ({ reserved, left, endsAt }: Account, isAllowed: boolean, now: number): Spending => ({
    policy,
    isAllowed,
    remaining: Math.max(0, reserved + left),
    resetMs: Math.max(0, endsAt - now),
  });

  /** Undefined where the counter must be asked. */
  const spendKnown = (account: Account | undefined, cost: number, now: number): Spending | undefined => {
    if (account === undefined) return undefined;
    if (account.reserved >= cost) {
      account.reserved -= cost;
      return answer(account, true, now);
    }
    return account.reserved + account.left < cost ? answer(account, false, now) : undefined;
  };

  const ask = async (key: string, cost: number): Promise<Spending> => {
    const now = clock.now().getTime();
    const account = accountOf(key, now) ?? open(key, now);
    const known = account.left === UNKNOWN ? undefined : spendKnown(account, cost, now);
    if (known !== undefined) return known;
    const lacking = cost - account.reserved;
    const reservation = await reserve(key, lacking, account);
    const then = clock.now().getTime();
    account.left = reservation.remaining;
    account.endsAt = then + reservation.resetMs;
    return spendKnown(account, cost, then) ?? answer(account, false, then);
  };

  /** A share where it fits, else what is lacking. */
  const reserve = async (key: string, lacking: number, account: Account): Promise<{ remaining: number; resetMs: number }> => {
    const wanted = Math.max(lacking, account.left === UNKNOWN ? share : Math.min(share, account.left));
    const first = await counter.reserve(key, wanted);
    if (first.isGranted) {
      account.reserved += wanted;
      return first;
    }
    if (wanted === lacking || first.remaining < lacking) return first;
    const second = await counter.reserve(key, lacking);
    if (second.isGranted) account.reserved += lacking;
    return second;
  };

  const open = (key: string, now: number): Account => {
    const account: Account = { reserved: 0, left: UNKNOWN, endsAt: now + policy.windowMs, asking: Promise.resolve() };
    accounts.set(key, account);
    return account;
  };

  return {
    policy,
    spend(key, cost) {
      const now = clock.now().getTime();
      let account = accountOf(key, now);
      const known = account?.left === UNKNOWN ? undefined : spendKnown(account, cost, now);
      if (known !== undefined) return known;
      account ??= open(key, now);
      const asked = account.asking.then(() => ask(key, cost));
      // Who asked is told; the next question is put all the same.
      account.asking = asked.catch(() => undefined);
      return asked;
    },
    giveBack(key, cost) {
      const account = accountOf(key, clock.now().getTime());
      if (account !== undefined) account.reserved += cost;
    },
    look(key) {
      const now = clock.now().getTime();
      const account = accountOf(key, now);
      return account === undefined || account.left === UNKNOWN ? undefined : answer(account, true, now);
    },
  };
}

/** Of an account whose counter was not asked yet. */
const UNKNOWN = -1;
