/** Namespaces on shared servers: `LOOM_NAMESPACE` of a process, and everything it leaves behind. */
import { randomBytes } from 'node:crypto';
import { deleteKafkaNames } from './kafka.ts';
import { dropNeo4jLabels } from './neo4j.ts';
import { deleteRedisKeys } from './redis.ts';
import { dropMySqlDatabases, dropPostgresSchemas } from './sql.ts';

/** Short enough for the names the stores make of it, long enough that nothing is dropped by a slip. */
const NAMESPACE = /^[a-z][a-z0-9_]{3,29}$/;

/** A namespace nobody else has: `bench_3f9c21ab`. */
export function createNamespace(purpose: string): string {
  return checked(`${purpose}_${randomBytes(4).toString('hex')}`);
}

/** What was dropped, by store. */
export type Dropped = Readonly<Record<string, number>>;

/**
 * Drops what a process with this `LOOM_NAMESPACE` made on the servers of `env` (keys as the gateway's: `MYSQL_URL`, `POSTGRES_URL`, `NEO4J_URL`,
 * `REDIS_URL`, `KAFKA_URL`): MySQL databases, PostgreSQL schemas, Neo4j nodes and constraints, Redis keys, Kafka topics and groups. The
 * process must have ended. Objects in S3 have no namespace and stay. Namespaces that go on after `<namespace>_` count as parts of it.
 * Tries every store; throws an AggregateError when some failed.
 */
export async function dropNamespace(env: Readonly<Record<string, string | undefined>>, namespace: string): Promise<Dropped> {
  checked(namespace);
  const { MYSQL_URL: mysql, POSTGRES_URL: postgres, NEO4J_URL: neo4j, REDIS_URL: redis, KAFKA_URL: kafka } = env;
  const jobs: readonly (readonly [string, Promise<number>])[] = [
    ...(mysql ? [['mysql', dropMySqlDatabases(mysql, (base) => `${base}_${namespace}_`).then(count)] as const] : []),
    ...(postgres ? [['postgres', dropPostgresSchemas(postgres, `${namespace}_`).then(count)] as const] : []),
    ...(neo4j ? [['neo4j', dropNeo4jLabels(neo4j, `${namespace}_`)] as const] : []),
    ...(redis ? [['redis', deleteRedisKeys(redis, `${namespace}_`)] as const] : []),
    ...(kafka ? [['kafka', deleteKafkaNames(kafka, `${namespace}.`)] as const] : []),
  ];
  const results = await Promise.allSettled(jobs.map(([, job]) => job));
  const failures: Error[] = [];
  const dropped: Record<string, number> = {};
  for (const [index, result] of results.entries()) {
    const store = jobs[index]?.[0] ?? '';
    if (result.status === 'fulfilled') dropped[store] = result.value;
    else failures.push(new Error(`${store}: ${(result.reason as Error).message}`, { cause: result.reason }));
  }
  if (failures.length > 0)
    throw new AggregateError(
      failures,
      `Namespace ${namespace} is not wholly dropped: ${failures.map(({ message }) => message).join('; ')}`,
    );
  return dropped;
}

function checked(namespace: string): string {
  if (!NAMESPACE.test(namespace))
    throw new RangeError(`A namespace has 4 to 30 of a-z, 0-9 and "_", the first a letter: ${JSON.stringify(namespace)}.`);
  return namespace;
}

const count = (names: readonly string[]): number => names.length;
