import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Metrics } from '@loomgraph/telemetry';
import type { BudgetCounter, BudgetPolicy, Reservation } from './budget.js';

const MS_PER_SECOND = 1_000;

/** Points that do not fit are not counted: the library's own script counts them, and then a refused request would use up what others may still have. */
const INCREMENT_WITHIN = `
local consumed = tonumber(redis.call('get', KEYS[1]) or '0')
local ttl = redis.call('pttl', KEYS[1])
if consumed + tonumber(ARGV[1]) > tonumber(ARGV[3]) then
  return {consumed + tonumber(ARGV[1]), math.max(ttl, 0)}
end
consumed = redis.call('incrby', KEYS[1], ARGV[1])
if ttl < 0 then
  redis.call('expire', KEYS[1], ARGV[2])
  ttl = 1000 * ARGV[2]
end
return {consumed, ttl}
`;

/** One connection to Redis with bounded calls, as `RedisConnection` of the stores is. */
export interface BoundedRedis {
  readonly client: unknown;
  run<T>(command: () => Promise<T>): Promise<T>;
}

/** Counters of this process. */
export function createMemoryCounter(policy: BudgetPolicy): BudgetCounter {
  const limiter = new RateLimiterMemory(optionsOf(policy));
  return {
    async reserve(key, points) {
      const reservation = await consume(limiter, key, points);
      // It counts what does not fit, too.
      if (!reservation.isGranted) await limiter.reward(key, points);
      return reservation;
    },
  };
}

/** Counters in Redis, which all gateways share. While it does not answer, each process counts for itself, up to the whole budget. */
export function createRedisCounter(
  policy: BudgetPolicy,
  options: { readonly redis: BoundedRedis; readonly prefix: string; readonly metrics: Metrics },
): BudgetCounter {
  const { redis, prefix, metrics } = options;
  const insured = metrics.counter('gateway_budget_insured_total', 'Reservations counted in this process because Redis did not answer.');
  insured.inc({}, 0);
  const { keyPrefix, ...rest } = optionsOf(policy);
  const limiter = new RateLimiterRedis({
    ...rest,
    keyPrefix: `${prefix}${keyPrefix}`,
    storeClient: redis.client,
    customIncrTtlLuaScript: INCREMENT_WITHIN,
  });
  const own = createMemoryCounter(policy);
  return {
    reserve: (key, points) =>
      redis
        .run(() => consume(limiter, key, points))
        .catch(() => {
          insured.inc({});
          return own.reserve(key, points);
        }),
  };
}

function optionsOf({ name, points, windowMs }: BudgetPolicy): { keyPrefix: string; points: number; duration: number } {
  return { keyPrefix: `budget:${name}`, points, duration: windowMs / MS_PER_SECOND };
}

async function consume(limiter: RateLimiterAbstract, key: string, points: number): Promise<Reservation> {
  try {
    const { remainingPoints, msBeforeNext } = await limiter.consume(key, points);
    return { isGranted: true, remaining: remainingPoints, resetMs: msBeforeNext };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const { consumedPoints, msBeforeNext } = refused;
    return { isGranted: false, remaining: Math.max(0, limiter.points - (consumedPoints - points)), resetMs: Math.max(0, msBeforeNext) };
  }
}
