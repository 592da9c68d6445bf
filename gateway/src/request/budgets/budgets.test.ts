import type { Identity } from '@loomgraph/auth';
import type { Caller } from '../../execution/engine.js';
import type { BudgetPolicy } from './budget.js';
import { createBudgets, type Budgets } from './budgets.js';
import { createMemoryCounter } from './flexible-counter.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const policies: readonly BudgetPolicy[] = [
  { name: 'user', points: 100, windowMs: 60_000 },
  { name: 'client', points: 250, windowMs: 60_000 },
  { name: 'address', points: 50, windowMs: 60_000 },
];
const open = (options: { exempt?: readonly string[]; policies?: readonly BudgetPolicy[] } = {}): Budgets | undefined =>
  createBudgets({ policies, exempt: [], counterOf: createMemoryCounter, clock: { now: () => NOW }, ...options });

const identity = (userId: string, more: Partial<Identity> = {}): Identity => ({
  userId,
  roles: [],
  scopes: [],
  issuedAt: NOW,
  expiresAt: NOW,
  ...more,
});
const user = (userId: string, more: Partial<Identity> = {}): Caller => ({ identity: identity(userId, more), requestId: 'r' });
const from = (clientAddress: string | undefined): Caller => ({ identity: null, requestId: 'r', clientAddress });
/** What spending comes to: `spent`, or the name of the budget that does not allow it. */
async function spend(budgets: Budgets | undefined, caller: Caller, cost: number): Promise<unknown> {
  try {
    await budgets?.open(caller)?.spend(cost);
    return 'spent';
  } catch (error) {
    expect(error).toMatchObject({ code: 'RATE_LIMITED', limit: 'budget' });
    return /^\S+ is more than .* of this (user|client|address)/.exec((error as Error).message.replace(/^A cost of /, ''))?.[1] ?? error;
  }
}

describe('createBudgets', () => {
  it('is nothing without a policy', () => {
    expect(open({ policies: [] })).toBeUndefined();
  });

  it('counts users by who they are, wherever they are', async () => {
    const budgets = open();
    expect(await spend(budgets, { ...user('a'), clientAddress: '192.0.2.1' }, 80)).toBe('spent');
    expect(await spend(budgets, { ...user('a'), clientAddress: '192.0.2.2' }, 80)).toBe('user');
    expect(await spend(budgets, { ...user('b'), clientAddress: '192.0.2.1' }, 80)).toBe('spent');
  });

  it('counts an API key apart from the user it belongs to', async () => {
    const budgets = open();
    expect(await spend(budgets, user('a', { apiKeyId: 'k1' }), 80)).toBe('spent');
    expect(await spend(budgets, user('a'), 80)).toBe('spent');
    expect(await spend(budgets, user('a', { apiKeyId: 'k1' }), 80)).toBe('user');
    expect(await spend(budgets, user('key:k1'), 80)).toBe('user');
  });

  it('counts the users of a client together, too', async () => {
    const budgets = open();
    for (const name of ['a', 'b', 'c']) expect(await spend(budgets, user(name, { clientId: 'app' }), 80)).toBe('spent');
    expect(await spend(budgets, user('d', { clientId: 'app' }), 80)).toBe('client');
    expect(await spend(budgets, user('d', { clientId: 'other' }), 80)).toBe('spent');
  });

  it('counts anonymous callers by address', async () => {
    const budgets = open();
    expect(await spend(budgets, from('192.0.2.1'), 40)).toBe('spent');
    expect(await spend(budgets, from('192.0.2.1'), 40)).toBe('address');
    expect(await spend(budgets, from('192.0.2.2'), 40)).toBe('spent');
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', 'address'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::2', 'address'],
    ['2001:db8::1', '2001:db8:0:0:1::', 'address'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', 'spent'],
  ])('takes the addresses of an IPv6 network for one: %s, then %s: %s', async (first, second, expected) => {
    const budgets = open();
    expect(await spend(budgets, from(first), 40)).toBe('spent');
    expect(await spend(budgets, from(second), 40)).toBe(expected);
  });

  it('counts nothing of exempt addresses, nor of callers without one', async () => {
    const budgets = open({ exempt: ['127.0.0.0/8', '::1', '10.1.0.0/16'] });
    for (const address of ['127.0.0.1', '::1', '10.1.2.3', undefined]) expect(budgets?.open(from(address))).toBeUndefined();
    expect(budgets?.open({ ...user('a'), clientAddress: '127.0.0.1' })).toBeUndefined();
    expect(budgets?.open(from('10.2.0.1'))).toBeDefined();
  });

  it('answers headers, and refuses with them and the seconds to wait', async () => {
    const budgets = open();
    expect(await budgets?.open(user('a'))?.spend(59)).toEqual({
      'ratelimit-policy': '"user";q=100;w=60;qu="cost"',
      ratelimit: expect.stringMatching(/^"user";r=40;t=(60|59)$/),
    });
    const refused = async (cost: number): Promise<unknown> => budgets?.open(user('a'))?.spend(cost);
    await expect(refused(50)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringMatching(
        /^A cost of 51 is more than the 40 that are left of the budget of this user; retry after \d+ s; at most 100 are allowed\.$/,
      ),
      details: { limit: 'budget', max: 100, counted: 51 },
      headers: { 'retry-after': expect.stringMatching(/^\d+$/), ratelimit: expect.stringMatching(/^"user";r=40;t=\d+$/) },
    });
    await expect(refused(500)).rejects.toMatchObject({ message: expect.stringContaining('more than the whole budget of this user') });
  });

  it('refuses who has nothing left before anything is done for them', async () => {
    const budgets = open();
    await budgets?.open(user('a'))?.spend(99);
    expect(() => budgets?.open(user('a'))).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  });
});
