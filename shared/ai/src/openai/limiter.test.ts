import { createLimiter } from './limiter.js';

const { signal } = new AbortController();

describe('limiter', () => {
  it('runs at most so many calls at once, in turn', async () => {
    const limiter = createLimiter({ concurrency: 2 });
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const call = (id: number) =>
      limiter.run(1, signal, async () => {
        order.push(id);
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running -= 1;
      });
    await Promise.all([1, 2, 3, 4, 5].map(call));
    expect(most).toBe(2);
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  it('frees the place of a call that failed, and of one that was aborted while it waited', async () => {
    const limiter = createLimiter({ concurrency: 1 });
    await expect(limiter.run(1, signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    let finish = (): void => {};
    const first = limiter.run(1, signal, () => new Promise<void>((resolve) => (finish = resolve)));
    const controller = new AbortController();
    const second = limiter.run(1, controller.signal, async () => 'second');
    const third = limiter.run(1, signal, async () => 'third');
    controller.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    finish();
    await first;
    await expect(third).resolves.toBe('third');
  });

  it('lets a burst through and holds back what is past the rate', async () => {
    // 6,000 a minute is one in 10 ms, with a burst of 1,000.
    const limiter = createLimiter({ concurrency: 10, tokensPerMinute: 6_000 });
    const startedAt = performance.now();
    await limiter.run(1_000, signal, async () => {});
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await limiter.run(10, signal, async () => {});
    await limiter.run(1, signal, async () => {});
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(80);
  });

  it('gives up waiting for the rate when aborted', async () => {
    const limiter = createLimiter({ concurrency: 1, requestsPerMinute: 1 });
    const controller = new AbortController();
    await limiter.run(1, signal, async () => {});
    const waiting = limiter.run(1, controller.signal, async () => {});
    const reason = new Error('gone');
    setImmediate(() => controller.abort(reason));
    await expect(waiting).rejects.toBe(reason);
  });
});
