import type { Health } from '@loomgraph/core';
import type { EventSubscriber } from '@mikro-orm/core';
import type { EntityManager, MikroORM } from '@mikro-orm/sql';

export type SqlDialect = 'postgresql' | 'mysql' | 'mariadb';

/**
 * The system of record of one subgraph: its own schema (PGlite) or database (MySQL, MariaDB).
 *
 * 1. `read` hands out an entity manager of its own; nothing it loads is shared with another call. What it reads when its signal is aborted ends
 *    with that: MySQL and MariaDB give the query up, too, PGlite runs it to its end.
 * 2. `transaction` commits all of the work or nothing; a rejected work rolls back and rejects with its own error.
 * 3. Vendor errors come out as StoreError: unique violations and serialisation failures `conflict`, other broken constraints
 *    `constraint`, a lost server `unavailable`, a lock or statement that waited too long `timeout`.
 * 4. A transaction that fails with a deadlock or serialisation conflict is run again, up to `TRANSACTION_ATTEMPTS` times; the work
 *    must therefore have no effect outside the database.
 * 5. `migrate` may be called by many processes at once: one runs, the others wait and find nothing to do.
 * 6. Two transactions that lock the same row run one after the other; a value read under the lock is current.
 * 7. After `close`, every call rejects with StoreError `unavailable`.
 */
export interface RelationalStore extends AsyncDisposable {
  readonly dialect: SqlDialect;
  readonly orm: MikroORM;
  /** Whether no other process can have this database open: what an earlier one held (a lease) is then nobody's. */
  readonly exclusive: boolean;
  /** Quoted, schema-qualified name of a table, for raw statements. */
  table(name: string): string;
  read(options?: { readonly signal?: AbortSignal | undefined }): EntityManager;
  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T>;
  migrate(): Promise<readonly string[]>;
  health(): Promise<Health>;
  close(): Promise<void>;
}

export interface RelationalOptions {
  /** snake_case; names the schema or database: `templates` becomes `loom_templates`. */
  readonly name: string;
  readonly entities: readonly unknown[];
  readonly migrations: readonly Migration[];
  readonly subscribers?: readonly EventSubscriber[];
}

/** A written schema change. Each dialect states its own SQL; `t` quotes and qualifies a table name. */
export interface Migration {
  /** Sorts the migrations: `0001-outbox`. Never renamed once released. */
  readonly name: string;
  readonly postgresql: (t: (table: string) => string) => readonly string[];
  /** MySQL 8 and MariaDB 10.6+. */
  readonly mysql: (t: (table: string) => string) => readonly string[];
}

export const TRANSACTION_ATTEMPTS = 5;
