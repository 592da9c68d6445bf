import { duration, integer, text, url } from '../primitives.js';
import { setting } from '../setting.js';

/** Pool defaults are the documented ones (requirement L9): 100 connections for the record, 50 for the others, 30 s to connect, 300 s idle. */
const pool = (prefix: string, store: string, connections: number) => ({
  maxConnections: setting({
    env: `${prefix}_POOL_SIZE`,
    schema: integer({ min: 1, max: 10_000 }),
    default: connections,
    doc: `Connections to ${store} at most.`,
  }),
  connectTimeoutMs: setting({
    env: `${prefix}_CONNECT_TIMEOUT`,
    schema: duration({ minMs: 1 }),
    default: '30s',
    doc: `How long connecting to ${store} may take.`,
  }),
  idleTimeoutMs: setting({
    env: `${prefix}_IDLE_TIMEOUT`,
    schema: duration({ minMs: 1 }),
    default: '300s',
    doc: `After how long an unused connection to ${store} is closed.`,
  }),
});

/** Which stores a process uses: every URL that is not set leaves the embedded one. */
export const storeSettings = {
  dataDir: setting({
    env: 'LOOM_DATA_DIR',
    schema: text(),
    default: '.loom',
    doc: 'Folder of the embedded stores; `memory://` keeps nothing.',
  }),
  namespace: setting({
    env: 'LOOM_NAMESPACE',
    schema: text().optional(),
    doc: 'Put before databases, keys and labels, so that installations can share servers.',
  }),
  urls: {
    relational: setting({
      env: 'MYSQL_URL',
      schema: url('mysql', 'mariadb').optional(),
      doc: 'System of record, mysql:// or mariadb://; each subgraph has a database of its own. Embedded: PGlite.',
      secret: true,
    }),
    postgres: setting({
      env: 'POSTGRES_URL',
      schema: url('postgres', 'postgresql').optional(),
      doc: 'PostgreSQL with pgvector, for vectors and text. Embedded: PGlite.',
      secret: true,
    }),
    neo4j: setting({
      env: 'NEO4J_URL',
      schema: url('bolt', 'neo4j', 'bolt+s', 'neo4j+s').optional(),
      doc: 'Neo4j, for the graph and the relationships subgraph. Embedded: tables.',
      secret: true,
    }),
    redis: setting({
      env: 'REDIS_URL',
      schema: url('redis', 'rediss', 'redis+sentinel', 'redis+cluster').optional(),
      doc: 'Redis, for cache and events: redis://host, redis+sentinel://h:p,h:p/master or redis+cluster://h:p,h:p. Embedded: in process.',
      secret: true,
    }),
    s3: setting({
      env: 'S3_URL',
      schema: url('http', 'https').optional(),
      doc: 'Any S3: http(s)://key:secret@host/bucket?region=…. Embedded: a folder.',
      secret: true,
    }),
    kafka: setting({
      env: 'KAFKA_URL',
      schema: url('kafka').optional(),
      doc: 'Kafka, for events; without it they go through Redis, or in process.',
      secret: true,
    }),
  },
  pools: {
    relational: pool('MYSQL', 'MySQL or MariaDB', 100),
    postgres: pool('POSTGRES', 'PostgreSQL', 50),
    neo4j: pool('NEO4J', 'Neo4j', 50),
  },
} as const;
