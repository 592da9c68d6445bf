import { StoreError } from '@loomgraph/core';
import { Breaker } from './breaker.js';

describe('breaker', () => {
  const away = new StoreError('unavailable', 'target', 'away');
  let now = 0;
  const create = (opensAfter: number) => new Breaker({ opensAfter, wait: (openings) => 1_000 * openings, now: () => now });
  /** Past the jittered wait of the n-th opening. */
  const pass = (openings: number) => (now += 1_000 * openings + 1);

  it('opens after failures in a row only', () => {
    const breaker = create(3);
    breaker.failed(away);
    breaker.failed(away);
    breaker.succeeded();
    breaker.failed(away);
    breaker.failed(away);
    expect(breaker.status().state).toBe('closed');
    breaker.failed(away);
    expect(breaker.status()).toMatchObject({ state: 'open', since: now, error: away });
    expect(breaker.admit()).toBe(false);
  });

  it('lets one through when the wait is over, and closes when that one comes through', () => {
    const breaker = create(1);
    let closed = 0;
    breaker.onClose = () => closed++;
    breaker.failed(away);
    pass(1);
    expect(breaker.admit()).toBe(true);
    expect(breaker.status().state).toBe('half-open');
    expect(breaker.admit()).toBe(false);
    breaker.succeeded();
    expect(breaker.status()).toMatchObject({ state: 'closed', since: undefined, nextTryAt: undefined, error: undefined });
    expect(closed).toBe(1);
  });

  it('waits longer after each failure in a row, and since the first of them', () => {
    const breaker = create(1);
    const since = now;
    breaker.failed(away);
    pass(1);
    breaker.admit();
    breaker.failed(away);
    expect(breaker.waitMs()).toBeGreaterThanOrEqual(1_000);
    expect(breaker.status().since).toBe(since);
    pass(2);
    expect(breaker.admit()).toBe(true);
  });

  it('admits another at once when the one that was let through gave up, or vanished', () => {
    const breaker = create(1);
    breaker.failed(away);
    pass(1);
    breaker.admit();
    breaker.abandoned();
    expect(breaker.admit()).toBe(true);
    now += 61_000;
    expect(breaker.admit()).toBe(true);
  });

  it('believes an error that says when to come back, up to an hour', () => {
    const breaker = create(1);
    breaker.failed(new StoreError('unavailable', 'target', 'later', { details: { retryAfterMs: 20_000 } }));
    expect(breaker.waitMs()).toBe(20_000);
    const distant = create(1);
    distant.failed(new StoreError('unavailable', 'target', 'later', { details: { retryAfterMs: 1e15 } }));
    expect(distant.waitMs()).toBe(3_600_000);
  });

  it('takes a late failure while it is open for nothing new', () => {
    const breaker = create(1);
    breaker.failed(away);
    const { nextTryAt } = breaker.status();
    now += 10;
    breaker.failed(away);
    expect(breaker.status().nextTryAt).toBe(nextTryAt);
  });
});
