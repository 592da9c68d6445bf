import { probeHealth, StoreError } from '@loomgraph/core';
import type { Constructor } from '@mikro-orm/core';
import { Migration as OrmMigration, Migrator } from '@mikro-orm/migrations';
import type { EntityManager, MikroORM } from '@mikro-orm/sql';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient, toStoreError } from './errors.js';
import { TRANSACTION_ATTEMPTS, type Migration, type RelationalStore, type SqlDialect } from './port.js';

export interface StoreParts {
  readonly orm: MikroORM;
  readonly dialect: SqlDialect;
  /** What health and errors call it: `mysql`, `mariadb`, `pglite`. */
  readonly backend: string;
  readonly name: string;
  /** PGlite only: the schema that holds the tables. */
  readonly schema?: string;
  readonly exclusive: boolean;
  /** Runs `work` while no other process migrates the same database. */
  readonly migrationLock: (work: () => Promise<void>) => Promise<void>;
}

/** The backend-independent half of the relational store. */
export function createRelationalStore(parts: StoreParts): RelationalStore {
  const { orm, backend, name } = parts;
  let closed = false;
  const label = `${backend}/${name}`;

  const assertOpen = (): void => {
    if (closed) throw new StoreError('unavailable', label, `${label} is closed.`);
  };

  const attempt = async <T>(work: (em: EntityManager) => Promise<T>): Promise<T> => {
    try {
      return await orm.em.fork().transactional((em) => work(em as unknown as EntityManager), { clear: true });
    } catch (error) {
      throw toStoreError(error, label);
    }
  };

  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await orm.close(true);
  };

  return {
    dialect: parts.dialect,
    orm,
    exclusive: parts.exclusive,
    table: (table) => qualify(parts, table),
    read({ signal } = {}) {
      assertOpen();
      return signal === undefined ? orm.em.fork() : orm.em.fork({ signal, inflightQueryAbortStrategy: 'cancel query' });
    },
    async transaction(work) {
      assertOpen();
      for (let attempts = 1; ; attempts++) {
        try {
          return await attempt(work);
        } catch (error) {
          if (attempts >= TRANSACTION_ATTEMPTS || !isTransient(error)) throw error;
          // Losers of a deadlock that come back at once meet again: spread them out.
          await sleep(Math.random() * 20 * 2 ** attempts);
        }
      }
    },
    async migrate() {
      assertOpen();
      const done: string[] = [];
      await parts.migrationLock(async () => {
        done.push(...(await orm.migrator.up()).map((migration) => migration.name));
      });
      return done;
    },
    health: () => probeHealth({ name: `relational:${name}`, backend }, () => orm.em.fork().getConnection().execute('select 1')),
    close,
    [Symbol.asyncDispose]: close,
  };
}

export function qualify(parts: Pick<StoreParts, 'dialect' | 'schema'>, table: string): string {
  if (parts.dialect === 'postgresql') return parts.schema ? `"${parts.schema}"."${table}"` : `"${table}"`;
  return `\`${table}\``;
}

/** MikroORM options that hold the written migrations. Schema diffs are never asked for: on a shared PGlite they would drop other schemas. */
export function migrationOptions(migrations: readonly Migration[], parts: Pick<StoreParts, 'dialect' | 'schema'>): object {
  return {
    extensions: [Migrator],
    // Its logger writes to the console; what was migrated is the answer of `migrate`.
    logger: () => undefined,
    migrations: {
      tableName: 'migrations',
      ...(parts.schema ? { schema: parts.schema } : {}),
      snapshot: false,
      migrationsList: [...migrations]
        .sort((a, b) => a.name.localeCompare(b.name))
        .map((migration) => ({ name: migration.name, class: toOrmMigration(migration, parts) })),
    },
  };
}

function toOrmMigration(migration: Migration, parts: Pick<StoreParts, 'dialect' | 'schema'>): Constructor<OrmMigration> {
  const statements = migration[parts.dialect === 'postgresql' ? 'postgresql' : 'mysql']((table) => qualify(parts, table));
  return class extends OrmMigration {
    override up(): void {
      for (const statement of statements) this.addSql(statement);
    }
  };
}
