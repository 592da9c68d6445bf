import { callerKey, createCoalescing } from './coalescing.js';

describe('coalescing', () => {
  it('joins what is open, until it is closed', async () => {
    const coalescing = createCoalescing<number>();
    const running = Promise.resolve(1);
    const close = coalescing.open('a', running);
    expect([coalescing.join('a') === running, coalescing.join('b'), coalescing.size]).toEqual([true, undefined, 1]);
    expect(close()).toBe(true);
    expect([coalescing.join('a'), coalescing.size]).toEqual([undefined, 0]);
    expect(coalescing.open('a', running)()).toBe(false);
  });

  it('does not join across a mutation, and an earlier execution closes only itself', () => {
    const coalescing = createCoalescing<number>();
    const close = coalescing.open('a', Promise.resolve(1));
    coalescing.mutationEnded();
    expect(coalescing.join('a')).toBeUndefined();
    const later = Promise.resolve(2);
    coalescing.open('a', later);
    close();
    expect(coalescing.join('a')).toBe(later);
  });

  it('keeps callers apart by identity and forwarded headers, not by request', () => {
    const identity = { userId: '1', roles: [], scopes: [] } as never;
    const keys = [
      callerKey({ identity: null, requestId: 'a' }),
      callerKey({ identity: null, requestId: 'b' }),
      callerKey({ identity, requestId: 'a' }),
      callerKey({ identity: null, requestId: 'a', forwardedHeaders: { 'x-tenant': 't' } }),
    ];
    expect([keys[0] === keys[1], new Set(keys).size]).toEqual([true, 3]);
  });
});
