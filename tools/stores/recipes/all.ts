import type { StoreName } from '../names.ts';
import type { StoreRecipe } from '../recipe.ts';
import { kafka } from './kafka.ts';
import { mariadb } from './mariadb.ts';
import { mysql } from './mysql.ts';
import { neo4j } from './neo4j.ts';
import { postgres } from './postgres.ts';
import { redisCluster } from './redis-cluster.ts';
import { redisSentinel } from './redis-sentinel.ts';
import { redis } from './redis.ts';
import { s3 } from './s3.ts';

export const RECIPES: Readonly<Record<StoreName, StoreRecipe>> = {
  mysql,
  mariadb,
  postgres,
  neo4j,
  redis,
  'redis-sentinel': redisSentinel,
  'redis-cluster': redisCluster,
  s3,
  kafka,
};
