import type { StoreUrls } from '@loomgraph/stores';

/** The store set's URLs from those by environment variable. */
export function storeUrls(env: Readonly<Record<string, string>>): StoreUrls {
  const named = {
    relational: env['MYSQL_URL'],
    postgres: env['POSTGRES_URL'],
    neo4j: env['NEO4J_URL'],
    redis: env['REDIS_URL'],
    kafka: env['KAFKA_URL'],
  };
  return Object.fromEntries(Object.entries(named).filter(([, url]) => url !== undefined));
}
