import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import { Pool, types, type PoolClient, type QueryConfig } from 'pg';
import { endsConnection, toSqlStoreError } from './error.js';
import type { SqlDatabase, SqlExecutor, SqlResult } from './port.js';
import { valueParsers } from './values.js';

export interface PgDatabaseOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Connections at most. Default 20. */
  readonly poolSize?: number;
  /** An unused connection closes after this. Default 30 s. */
  readonly idleTimeoutMs?: number;
  /** Waiting for a connection, new or free, at most. Default 5 s. */
  readonly connectTimeoutMs?: number;
  /** A statement may run this long; the server ends it then. Default 15 s. */
  readonly statementTimeoutMs?: number;
}

/** The server is given this long to end an overdue statement itself before the connection is given up. */
const SERVER_GRACE_MS = 1_000;
const SCRIPT_TIMEOUT_MS = 3_600_000;
const typeParsers = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : valueParsers[oid]) ?? types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

/** A pool of connections to a PostgreSQL server. Connects on first use; at most two round trips more than the statements in a transaction. */
export function createPgDatabase(options: PgDatabaseOptions): SqlDatabase {
  return new PgDatabase(options);
}

class PgDatabase implements SqlDatabase {
  readonly backend = 'postgres';
  readonly #pool: Pool;
  #closing: Promise<void> | undefined;

  constructor(options: PgDatabaseOptions) {
    const statementTimeoutMs = options.statementTimeoutMs ?? 15_000;
    this.#pool = new Pool({
      connectionString: options.url,
      max: options.poolSize ?? 20,
      idleTimeoutMillis: options.idleTimeoutMs ?? 30_000,
      connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + SERVER_GRACE_MS,
      keepAlive: true,
      types: typeParsers,
    });
    // The pool has already dropped an idle connection that fails; without a listener the event would end the process.
    this.#pool.on('error', () => {});
  }

  query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<SqlResult<Row>> {
    return this.#withClient((client) => run<Row>(client, { text: sql, values: [...parameters] }));
  }

  script(sql: string): Promise<void> {
    return this.#withClient((client) => runScript(client, sql));
  }

  transaction<T>(body: (transaction: SqlExecutor) => Promise<T>): Promise<T> {
    return this.#withClient(async (client, discard) => {
      await run(client, { text: 'BEGIN' });
      let result: T;
      try {
        result = await body({
          query: <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
            run<Row>(client, { text: sql, values: [...parameters] }),
          script: (sql) => runScript(client, sql),
        });
      } catch (error) {
        // Whether the rollback succeeds or not, the caller must learn why there was one; a connection that is given up needs none.
        if (!(error instanceof StoreError && endsConnection(error))) await client.query('ROLLBACK').catch(discard);
        throw error;
      }
      await run(client, { text: 'COMMIT' });
      return result;
    });
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'postgres', backend: 'postgres' }, () => this.query('SELECT 1'));
  }

  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #withClient<T>(work: (client: PoolClient, discard: (reason: Error) => void) => Promise<T>): Promise<T> {
    if (this.#closing) throw new StoreError('unavailable', 'postgres', 'postgres: the database is closed');
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw toSqlStoreError('postgres', error);
    });
    // Between two statements of a transaction the client belongs to us, not to the pool, and so do its errors.
    let broken: Error | undefined;
    const discard = (reason: Error): void => void (broken = reason);
    client.on('error', discard);
    try {
      return await work(client, discard);
    } catch (error) {
      if (error instanceof StoreError && endsConnection(error)) broken ??= error;
      throw error;
    } finally {
      client.off('error', discard);
      client.release(broken);
    }
  }
}

async function run<Row extends object>(client: PoolClient, config: QueryConfig): Promise<SqlResult<Row>> {
  try {
    const { rows, rowCount, command } = await client.query<Row>(config);
    return { rows, affected: command === 'SELECT' ? 0 : (rowCount ?? 0) };
  } catch (error) {
    throw toSqlStoreError('postgres', error);
  }
}

async function runScript(client: PoolClient, sql: string): Promise<void> {
  // `query_timeout` per statement is in the driver and not in its types.
  const config: QueryConfig & { query_timeout: number } = {
    text: `SET LOCAL statement_timeout = 0; ${sql}`,
    query_timeout: SCRIPT_TIMEOUT_MS,
  };
  await run(client, config);
}
