import { randomUUID } from 'node:crypto';
import { createMetrics, type Metrics } from '@loomgraph/telemetry';
import { RedisConnection } from '@loomgraph/stores/cache';
import { FaultProxy, realStore } from '@loomgraph/testing';
import type { BudgetCounter, BudgetPolicy } from '../src/request/budgets/budget.js';
import { createMemoryCounter, createRedisCounter } from '../src/request/budgets/flexible-counter.js';
import { createReservedBudget } from '../src/request/budgets/reserved-budget.js';

const policy: BudgetPolicy = { name: 'user', points: 1_000, windowMs: 2_000 };
const url = realStore('REDIS_URL');

interface Opened extends AsyncDisposable {
  readonly counter: BudgetCounter;
  readonly metrics: Metrics;
}

const openMemory = async (): Promise<Opened> => ({
  counter: createMemoryCounter(policy),
  metrics: createMetrics(),
  [Symbol.asyncDispose]: async () => {},
});
const openRedis = async (prefix: string, at = url ?? ''): Promise<Opened> => {
  const redis = new RedisConnection({ url: at, commandTimeoutMs: 500, store: 'budgets' });
  const metrics = createMetrics();
  return { counter: createRedisCounter(policy, { redis, prefix, metrics }), metrics, [Symbol.asyncDispose]: () => redis.close() };
};
/** Keys end with their window; names of their own keep tests apart. */
const newPrefix = (): string => `test-${randomUUID()}:`;

describe.each([['memory', openMemory] as const, ...(url ? [['Redis', () => openRedis(newPrefix())] as const] : [])])(
  'BudgetCounter: %s',
  (_name, open) => {
    it('1: counts what fits, and answers what is left and until when', async () => {
      await using opened = await open();
      expect(await opened.counter.reserve('a', 400)).toEqual({ isGranted: true, remaining: 600, resetMs: expect.any(Number) });
      const { resetMs, ...rest } = await opened.counter.reserve('a', 600);
      expect(rest).toEqual({ isGranted: true, remaining: 0 });
      expect(resetMs).toBeGreaterThan(0);
      expect(resetMs).toBeLessThanOrEqual(2_000);
      expect(await opened.counter.reserve('b', 1_000)).toMatchObject({ isGranted: true });
    });

    it('2: does not count what does not fit', async () => {
      await using opened = await open();
      await opened.counter.reserve('a', 900);
      for (let i = 0; i < 3; i++) expect(await opened.counter.reserve('a', 101)).toMatchObject({ isGranted: false, remaining: 100 });
      expect(await opened.counter.reserve('a', 100)).toMatchObject({ isGranted: true, remaining: 0 });
    });

    it('2: refuses more than the whole budget, and leaves it whole', async () => {
      await using opened = await open();
      expect(await opened.counter.reserve('a', 1_001)).toMatchObject({ isGranted: false, remaining: 1_000 });
      expect(await opened.counter.reserve('a', 1_000)).toMatchObject({ isGranted: true });
    });

    it('1: never grants more than the budget to many at once', async () => {
      await using opened = await open();
      const all = await Promise.all(Array.from({ length: 200 }, () => opened.counter.reserve('a', 7)));
      expect(all.filter(({ isGranted }) => isGranted)).toHaveLength(142);
    });
  },
);

if (url) {
  describe('budgets in Redis', () => {
    it('gateways together give out the budget once, to within what each may leave unused', async () => {
      const prefix = newPrefix();
      await using one = await openRedis(prefix);
      await using other = await openRedis(prefix);
      await using third = await openRedis(prefix);
      const clock = { now: () => new Date() };
      const budgets = [one, other, third].map(({ counter }) => createReservedBudget({ policy, counter, clock }));
      const startedAt = performance.now();
      const spendings = await Promise.all(Array.from({ length: 3_000 }, async (_, index) => budgets[index % 3]?.spend('a', 1)));
      const allowed = spendings.filter((spending) => spending?.isAllowed).length;
      // Within one window, else a second budget begins.
      expect(performance.now() - startedAt).toBeLessThan(1_900);
      expect(allowed).toBeLessThanOrEqual(1_000);
      expect(allowed).toBeGreaterThanOrEqual(850);
    });

    it('a window ends, and another one begins', async () => {
      const prefix = newPrefix();
      await using opened = await openRedis(prefix);
      const { resetMs } = await opened.counter.reserve('a', 1_000);
      expect(await opened.counter.reserve('a', 1)).toMatchObject({ isGranted: false });
      const ended = Date.now() + resetMs + 50;
      // Redis ends the window by its own clock: asking is the only way to see it.
      let last = await opened.counter.reserve('a', 1_000);
      while (!last.isGranted && Date.now() < ended + 2_000) last = await opened.counter.reserve('a', 1_000);
      expect(last.isGranted).toBe(true);
    });

    it('3: while Redis is away each process counts for itself, at once, and with Redis again when it is back', async () => {
      const { hostname, port } = new URL(url);
      await using proxy = await FaultProxy.before({ host: hostname, port: Number(port) });
      const prefix = newPrefix();
      await using through = await openRedis(prefix, `redis://127.0.0.1:${proxy.port}`);
      expect(await through.counter.reserve('a', 100)).toMatchObject({ isGranted: true, remaining: 900 });
      const restore = await proxy.refuse();
      await through.counter.reserve('a', 100);
      const startedAt = performance.now();
      expect(await through.counter.reserve('a', 100)).toMatchObject({ isGranted: true });
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      const insured = async (): Promise<number> =>
        Number(/^loom_gateway_budget_insured_total (\d+)$/m.exec((await through.metrics.render()).body)?.[1]);
      expect(await insured()).toBeGreaterThan(0);
      await restore();
      await using direct = await openRedis(prefix);
      const deadline = Date.now() + 5_000;
      let before: number;
      do {
        // The connection is opened again by timers.
        await new Promise((resolve) => setImmediate(resolve));
        before = await insured();
        await through.counter.reserve('b', 1);
      } while ((await insured()) > before && Date.now() < deadline);
      const { remaining } = await direct.counter.reserve('b', 1);
      expect(remaining).toBe(998);
    }, 15_000);
  });
}
