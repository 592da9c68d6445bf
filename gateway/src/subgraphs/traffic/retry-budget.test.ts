import { RetryBudget } from './retry-budget.js';

describe('RetryBudget', () => {
  it('has its reserve at first, then what fetches pay in', () => {
    const budget = new RetryBudget({ maxAttempts: 3, ratio: 0.2, reserve: 2 });
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
    for (let i = 0; i < 4; i++) budget.payIn();
    expect(budget.take()).toBe(false);
    budget.payIn();
    expect([budget.take(), budget.take()]).toEqual([true, false]);
  });

  it('saves no more than its reserve', () => {
    const budget = new RetryBudget({ maxAttempts: 3, ratio: 0.5, reserve: 1 });
    for (let i = 0; i < 100; i++) budget.payIn();
    expect([budget.take(), budget.take()]).toEqual([true, false]);
  });
});
