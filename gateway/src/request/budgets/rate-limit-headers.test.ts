import type { BudgetPolicy } from './budget.js';
import { rateLimitHeaders, retryAfter } from './rate-limit-headers.js';

const user: BudgetPolicy = { name: 'user', points: 5_000, windowMs: 60_000 };
const client: BudgetPolicy = { name: 'client', points: 100_000, windowMs: 60_000 };

describe('rateLimitHeaders', () => {
  it('says policy, rest and seconds in structured fields', () => {
    expect(rateLimitHeaders([{ policy: user, remaining: 4_321, resetMs: 12_001 }])).toEqual({
      'ratelimit-policy': '"user";q=5000;w=60;qu="cost"',
      ratelimit: '"user";r=4321;t=13',
    });
  });

  it('of several budgets shows the one that is spent soonest', () => {
    const states = [
      { policy: user, remaining: 2_500, resetMs: 1_000 },
      { policy: client, remaining: 10_000, resetMs: 2_000 },
    ];
    expect(rateLimitHeaders(states)).toMatchObject({ ratelimit: '"client";r=10000;t=2' });
    expect(rateLimitHeaders([])).toBeUndefined();
  });

  it('never asks to retry at once', () => {
    expect([retryAfter(0), retryAfter(1), retryAfter(1_001)]).toEqual(['1', '1', '2']);
  });
});
