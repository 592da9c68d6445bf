import { BlockList, isIPv6 } from 'node:net';
import { networkOf, type Clock } from '@loomgraph/core';
import type { Caller } from '../../execution/engine.js';
import { LimitExceededError } from '../limits/limit-exceeded.js';
import type { BudgetCounter, BudgetPolicy, BudgetState, Spending } from './budget.js';
import { rateLimitHeaders, retryAfter } from './rate-limit-headers.js';
import { createReservedBudget, type ReservedBudget } from './reserved-budget.js';

export interface BudgetsDeps {
  /** One of each name at most. */
  readonly policies: readonly BudgetPolicy[];
  readonly counterOf: (policy: BudgetPolicy) => BudgetCounter;
  /** Addresses and networks whose requests are not counted. */
  readonly exempt: readonly string[];
  readonly clock: Clock;
}

/** What callers may spend within a window, counted in the estimated cost of what they ask. */
export interface Budgets {
  /**
   * Undefined: nothing is counted of this caller. Otherwise what they may still spend is known to be more than nothing, as far as it is known.
   * @throws BudgetExceededError
   */
  open(caller: Caller): CallerBudget | undefined;
}

export interface CallerBudget {
  /**
   * Spends what a request may cost; answers headers for its answer. Waits only where the shared counter must be asked.
   * @throws BudgetExceededError, or rejects with it
   */
  spend(cost: number): Headers | Promise<Headers>;
  /** Spends on a request that is refused: what it cost to find out, or what is left. Without waiting, and whatever comes of it. */
  spendOnRefusal(): void;
}

type Headers = Readonly<Record<string, string>> | undefined;

/** A caller has spent their budget. */
export class BudgetExceededError extends LimitExceededError {
  override readonly headers: Readonly<Record<string, string>>;

  constructor({ policy, remaining, resetMs }: BudgetState, cost: number) {
    const wait = retryAfter(resetMs);
    const what =
      cost > policy.points
        ? `A cost of ${cost} is more than the whole budget of this ${policy.name}`
        : `A cost of ${cost} is more than the ${Math.floor(remaining)} that are left of the budget of this ${policy.name}; retry after ${wait} s`;
    super(what, { limit: 'budget', max: policy.points, counted: cost, code: 'RATE_LIMITED' });
    this.headers = { 'retry-after': wait, ...rateLimitHeaders([{ policy, remaining, resetMs }]) };
  }
}

/** Every request costs something, whatever it asks. */
const REQUEST_COST = 1;
/** What is refused was read, parsed and perhaps planned for nothing: as much as ten objects that are answered. */
const REFUSED_COST = 10;
/** Callers of one address are looked up many times. */
const REMEMBERED_ADDRESSES = 10_000;

export function createBudgets({ policies, counterOf, exempt, clock }: BudgetsDeps): Budgets | undefined {
  if (policies.length === 0) return undefined;
  const budgets = new Map(policies.map((policy) => [policy.name, createReservedBudget({ policy, counter: counterOf(policy), clock })]));
  const isExempt = createExemption(exempt);

  /** A caller who is known is counted by who they are, wherever they are; a client also together with all who use it. */
  const partsOf = ({ identity, clientAddress }: Caller): [budget: ReservedBudget, key: string][] => {
    const parts: [ReservedBudget, string][] = [];
    const add = (name: BudgetPolicy['name'], key: string | undefined): void => {
      const budget = budgets.get(name);
      if (budget !== undefined && key !== undefined) parts.push([budget, key]);
    };
    if (identity === null) add('address', clientAddress === undefined ? undefined : networkOf(clientAddress));
    else {
      add('user', identity.apiKeyId === undefined ? identity.userId : `key:${identity.apiKeyId}`);
      add('client', identity.clientId);
    }
    return parts;
  };

  return {
    open(caller) {
      if (caller.clientAddress !== undefined && isExempt(caller.clientAddress)) return undefined;
      const parts = partsOf(caller);
      if (parts.length === 0) return undefined;
      for (const [budget, key] of parts) {
        const state = budget.look(key);
        if (state !== undefined && state.remaining < REQUEST_COST) throw new BudgetExceededError(state, REQUEST_COST);
      }
      return {
        spend(cost) {
          const whole = cost + REQUEST_COST;
          const settle = (spendings: readonly Spending[]): Headers => {
            const refused = spendings.find(({ isAllowed }) => !isAllowed);
            if (refused === undefined) return rateLimitHeaders(spendings);
            for (const [at, [budget, key]] of parts.entries()) if (spendings[at]?.isAllowed) budget.giveBack(key, whole);
            throw new BudgetExceededError(refused, whole);
          };
          const spendings = parts.map(([budget, key]) => budget.spend(key, whole));
          return spendings.some((spending) => spending instanceof Promise)
            ? Promise.all(spendings.map((spending) => Promise.resolve(spending))).then(settle)
            : settle(spendings as Spending[]); // none of them is a promise
        },
        spendOnRefusal() {
          for (const [budget, key] of parts) {
            const left = budget.look(key)?.remaining ?? Infinity;
            const spending = budget.spend(key, Math.min(REFUSED_COST, Math.floor(left)));
            // The request is refused either way.
            if (spending instanceof Promise) spending.catch(() => undefined);
          }
        },
      };
    },
  };
}

function createExemption(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  const known = new Map<string, boolean>();
  return (address) => {
    let isExempt = known.get(address);
    if (isExempt === undefined) {
      isExempt = list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
      if (known.size >= REMEMBERED_ADDRESSES) known.clear();
      known.set(address, isExempt);
    }
    return isExempt;
  };
}
