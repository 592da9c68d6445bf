import { probeHealth, StoreError, type Health } from '@loomgraph/core';
import { PGlite, type Results, type Transaction } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { vector } from '@electric-sql/pglite-pgvector';
import { createPostgreSqlTypeParsers } from '@mikro-orm/sql';
import { types } from 'pg';
import { toSqlStoreError } from './error.js';
import { PgliteTemplate } from './pglite-template.js';
import { yieldBetweenStatements } from './pglite-yield.js';
import type { SqlDatabase, SqlExecutor, SqlResult } from './port.js';
import { valueParsers } from './values.js';

export interface OpenPgliteOptions {
  /** A directory, created when absent, or `memory://`. One process at a time may have it open. */
  readonly dataDir: string;
}

/** `text[]`; widened, since the types of `pg` list scalar types only. */
const TEXT_ARRAY_OID: number = 1009;

/**
 * Opens the one embedded PostgreSQL of a process, with pgvector and pg_trgm. An instance costs about 350 MB, so everything shares it:
 * it carries the parsers MikroORM would install in an instance of its own (dates as text) and it is the caller's to close.
 */
export async function openPglite(options: OpenPgliteOptions): Promise<PGlite> {
  try {
    const template = PgliteTemplate.for(options.dataDir);
    const snapshot = await template?.read();
    const pglite = await PGlite.create({
      dataDir: options.dataDir,
      extensions: { vector, pg_trgm },
      parsers: createPostgreSqlTypeParsers(types.getTypeParser(TEXT_ARRAY_OID)),
      ...(snapshot && { loadDataDir: snapshot }),
    });
    yieldBetweenStatements(pglite);
    await pglite.exec('CREATE EXTENSION IF NOT EXISTS vector; CREATE EXTENSION IF NOT EXISTS pg_trgm;');
    if (snapshot === undefined) await template?.write(pglite);
    return pglite;
  } catch (error) {
    throw toSqlStoreError('pglite', error);
  }
}

/** The SQL port on an open PGlite. `owned`: closing the database closes the instance too. */
export function createPgliteDatabase(pglite: PGlite, options: { owned?: boolean } = {}): SqlDatabase {
  return new PgliteDatabase(pglite, options.owned ?? false);
}

class PgliteDatabase implements SqlDatabase {
  readonly backend = 'pglite';
  readonly #pglite: PGlite;
  readonly #owned: boolean;
  #closing: Promise<void> | undefined;

  constructor(pglite: PGlite, owned: boolean) {
    this.#pglite = pglite;
    this.#owned = owned;
  }

  query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<SqlResult<Row>> {
    return this.#guard(() => run<Row>(this.#pglite, sql, parameters));
  }

  script(sql: string): Promise<void> {
    return this.#guard(() => runScript(this.#pglite, sql));
  }

  transaction<T>(body: (transaction: SqlExecutor) => Promise<T>): Promise<T> {
    return this.#guard(() =>
      this.#pglite.transaction((transaction) =>
        body({
          query: <Row extends object>(sql: string, parameters: readonly unknown[] = []) => run<Row>(transaction, sql, parameters),
          script: (sql) => runScript(transaction, sql),
        }),
      ),
    );
  }

  health(): Promise<Health> {
    return probeHealth({ name: 'postgres', backend: 'pglite' }, () => this.query('SELECT 1'));
  }

  close(): Promise<void> {
    this.#closing ??= this.#owned && !this.#pglite.closed ? this.#pglite.close() : Promise.resolve();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing || this.#pglite.closed) throw new StoreError('unavailable', 'pglite', 'pglite: the database is closed');
    try {
      return await work();
    } catch (error) {
      throw toSqlStoreError('pglite', error);
    }
  }
}

type Runner = Pick<PGlite | Transaction, 'query' | 'exec'>;

async function run<Row extends object>(runner: Runner, sql: string, parameters: readonly unknown[]): Promise<SqlResult<Row>> {
  try {
    const { rows, affectedRows }: Results<Row> = await runner.query<Row>(sql, [...parameters], { parsers: { ...valueParsers } });
    return { rows, affected: affectedRows ?? 0 };
  } catch (error) {
    throw toSqlStoreError('pglite', error);
  }
}

async function runScript(runner: Runner, sql: string): Promise<void> {
  try {
    await runner.exec(sql);
  } catch (error) {
    throw toSqlStoreError('pglite', error);
  }
}
