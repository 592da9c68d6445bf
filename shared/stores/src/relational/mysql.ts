import { LoomError, StoreError } from '@loomgraph/core';
import { MikroORM as MariaDbMikroORM } from '@mikro-orm/mariadb';
import { MikroORM as MySqlMikroORM } from '@mikro-orm/mysql';
import type { MikroORM } from '@mikro-orm/sql';
import { CompiledQuery } from 'kysely';
import mysql from 'mysql2/promise';
import { toStoreError } from './errors.js';
import type { RelationalOptions, RelationalStore } from './port.js';
import { createRelationalStore, migrationOptions } from './store.js';

/** Sizes and limits of a connection pool; defaults are the documented ones (requirement L9). */
export interface PoolOptions {
  /** Connections kept open at most. Default 100. */
  readonly maxConnections?: number;
  /** Connections kept while idle. Default 10. */
  readonly idleConnections?: number;
  /** How long opening a connection may take. Default 30 s. */
  readonly connectTimeoutMs?: number;
  /** After how long an unused connection is closed. Default 300 s. */
  readonly idleTimeoutMs?: number;
}

export interface MySqlOptions extends RelationalOptions {
  /** `mysql://user:password@host:port` or `mariadb://…`; a path is the prefix of the database names, default `loom`. */
  readonly url: string;
  readonly pool?: PoolOptions;
}

const MIGRATION_LOCK_SECONDS = 120;

/** The system of record on a MySQL 8 or MariaDB 10.6+ server: a database of its own, made when it is not there. */
export async function openMySqlRelational(options: MySqlOptions): Promise<RelationalStore> {
  const url = new URL(options.url);
  const dialect = dialectOf(url);
  const database = `${url.pathname.slice(1) || 'loom'}_${options.name}`;
  const connection = {
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username || 'root'),
    password: decodeURIComponent(url.password),
  };
  const pool = options.pool ?? {};
  await createDatabase(connection, database, dialect, pool.connectTimeoutMs ?? 30_000);
  const init = dialect === 'mariadb' ? MariaDbMikroORM.init.bind(MariaDbMikroORM) : MySqlMikroORM.init.bind(MySqlMikroORM);
  const orm = (await init({
    entities: options.entities as never,
    subscribers: options.subscribers as never,
    dbName: database,
    ...connection,
    forceUtcTimezone: true,
    charset: 'utf8mb4',
    pool: { max: pool.maxConnections ?? 100, min: pool.idleConnections ?? 10, idleTimeoutMillis: pool.idleTimeoutMs ?? 300_000 },
    onCreateConnection: readCommitted as never,
    driverOptions: { connectTimeout: pool.connectTimeoutMs ?? 30_000 },
    ...migrationOptions(options.migrations, { dialect }),
  } as never)) as unknown as MikroORM;
  // Here, once: of several first statements at a time each would make a pool, and all but the last would stay open for ever.
  await orm.connect();
  return createRelationalStore({
    orm,
    dialect,
    backend: dialect,
    name: options.name,
    exclusive: false,
    migrationLock: (work) => withServerLock(connection, `loomgraph:migrate:${database}`, work),
  });
}

function dialectOf(url: URL): 'mysql' | 'mariadb' {
  if (url.protocol === 'mysql:') return 'mysql';
  if (url.protocol === 'mariadb:') return 'mariadb';
  throw new LoomError('CONFIG_INVALID', `The system of record takes mysql:// or mariadb:// URLs, not ${url.protocol}//`);
}

/**
 * READ COMMITTED, as PostgreSQL's default: under MySQL's REPEATABLE READ the gap locks of claimers and writers on the sync tables deadlock each
 * other, and a value read before a row lock would hide what was committed meanwhile.
 */
async function readCommitted(connection: { executeQuery(query: CompiledQuery): Promise<unknown> }): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw('set session transaction isolation level read committed'));
}

interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
}

async function createDatabase(connection: Connection, database: string, dialect: string, connectTimeout: number): Promise<void> {
  const client = await connect({ ...connection, connectTimeout }, dialect);
  try {
    await client.query(`create database if not exists \`${database}\` character set utf8mb4 collate utf8mb4_bin`);
  } catch (error) {
    throw toStoreError(error, dialect);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A named lock of the server, held by a connection of its own: it goes with the connection, so a killed migrator blocks nobody. */
async function withServerLock(connection: Connection, name: string, work: () => Promise<void>): Promise<void> {
  const client = await connect(connection, 'mysql');
  try {
    const [rows] = await client.query<mysql.RowDataPacket[]>('select get_lock(?, ?) as got', [name.slice(0, 64), MIGRATION_LOCK_SECONDS]);
    if (rows[0]?.['got'] !== 1)
      throw new StoreError('timeout', 'mysql', `Another process has been migrating for over ${MIGRATION_LOCK_SECONDS} s.`);
    await work();
  } catch (error) {
    throw toStoreError(error, 'mysql');
  } finally {
    // Its server may be gone: the lock is then, too.
    await client.end().catch(() => undefined);
  }
}

async function connect(options: mysql.ConnectionOptions, store: string): Promise<mysql.Connection> {
  try {
    return await mysql.createConnection(options);
  } catch (error) {
    throw toStoreError(error, store);
  }
}
