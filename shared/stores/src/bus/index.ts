export * from './port.js';
export type { RetryDelays } from './keyed-lanes.js';
export { createRedisStreamsBus, type RedisStreamsBus, type RedisStreamsBusOptions } from './redis-streams.js';
export { createKafkaBus, type KafkaBus, type KafkaBusOptions } from './kafka.js';
export { createMemoryBus, type MemoryBus, type MemoryBusOptions } from './memory.js';
