import type { Health } from '@loomgraph/core';

/** Rows of one statement, and how many rows an INSERT, UPDATE, DELETE or MERGE changed (0 for a SELECT). */
export interface SqlResult<Row> {
  readonly rows: Row[];
  readonly affected: number;
}

/** What can run statements: a database (each on its own) or an open transaction. */
export interface SqlExecutor {
  /**
   * Runs one statement with `$1…` parameters. Whatever else reads the connection, values come back alike from every backend:
   * `bigint` as number, `json` parsed, arrays as arrays, dates and types of extensions (`vector`) as PostgreSQL's text.
   * @throws StoreError, by SQLSTATE.
   */
  query<Row extends object = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<SqlResult<Row>>;
  /** Runs several statements without parameters and without the statement timeout: for schema changes. */
  script(sql: string): Promise<void>;
}

/**
 * PostgreSQL, served or embedded. Adapters differ in concurrency only: a pool runs statements side by side, an embedded instance one
 * after the other.
 *
 * 1. `transaction` commits when `run` resolves and rolls back when it rejects; its error is what the caller gets. Inside `run`, use
 *    the executor that was passed in: on an embedded instance the database itself waits for the transaction to end.
 * 2. Every rejection of the backend is a StoreError with the vendor's error as `cause`; an error thrown by `run` passes unchanged.
 * 3. After `close`, every call rejects with StoreError `unavailable`. `close` twice is `close` once.
 */
export interface SqlDatabase extends SqlExecutor, AsyncDisposable {
  readonly backend: 'postgres' | 'pglite';
  transaction<T>(run: (transaction: SqlExecutor) => Promise<T>): Promise<T>;
  health(): Promise<Health>;
  close(): Promise<void>;
}
