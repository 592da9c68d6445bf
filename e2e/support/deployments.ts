import { isShortMatrix, realStore } from '@loomgraph/testing';

/** A way to run the product; every scenario must give the same answers on each. */
export interface Deployment {
  readonly name: string;
  /** Store URLs; none means embedded. */
  readonly stores: Readonly<Record<string, string>>;
  /** Whether the templates subgraph is a server of its own. */
  readonly remote: boolean;
}

/** Embedded always; on real stores where they are configured: both databases of record, both event buses, in process and remote. */
export function deployments(): Deployment[] {
  const mysql = realStore('MYSQL_URL');
  const mariadb = realStore('MARIADB_URL');
  const shared = urls({
    POSTGRES_URL: realStore('POSTGRES_URL'),
    NEO4J_URL: realStore('NEO4J_URL'),
    REDIS_URL: realStore('REDIS_URL'),
    S3_URL: realStore('S3_URL'),
  });
  const kafka = urls({ KAFKA_URL: realStore('KAFKA_URL') });
  return [
    { name: 'embedded, in process', stores: {}, remote: false },
    { name: 'embedded, remote', stores: {}, remote: true },
    ...(mysql && Object.keys(shared).length > 0
      ? [{ name: 'MySQL with Redis Streams, in process', stores: { MYSQL_URL: mysql, ...shared }, remote: false }]
      : []),
    ...(mariadb && Object.keys(shared).length > 0
      ? [{ name: 'MariaDB with Kafka, remote', stores: { MYSQL_URL: mariadb, ...shared, ...kafka }, remote: true }]
      : []),
  ];
}

/**
 * In a short matrix the simplest way and the one with the most parts: for scenarios whose answers depend on a store or a bus no more than those
 * of `e2e/templates`, which runs on all.
 */
export function farthestDeployments(): Deployment[] {
  const all = deployments();
  if (!isShortMatrix()) return all;
  return [all[0], all.slice(1).at(-1)].filter((deployment) => deployment !== undefined);
}

const urls = (from: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined));
