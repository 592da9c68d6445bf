export * from './port.js';
export { createMemoryCache, type MemoryCache, type MemoryCacheOptions } from './memory.js';
export { createRedisCache, type RedisCache, type RedisCacheOptions } from './redis.js';
export { RedisConnection, type RedisConnectionOptions } from './redis-client.js';
