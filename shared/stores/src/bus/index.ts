export * from './port.js';
export type { RetryDelays } from './keyed-lanes.js';
export { createRedisStreamsBus, type RedisStreamsBus, type RedisStreamsBusOptions } from './redis-streams.js';
export { createMemoryBus, type MemoryBus, type MemoryBusOptions } from './memory.js';
