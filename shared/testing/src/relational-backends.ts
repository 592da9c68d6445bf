import { randomUUID } from 'node:crypto';
import type { PGlite } from '@electric-sql/pglite';
import { openPglite } from '@loomgraph/stores/postgres';
import { openMySqlRelational, openPgliteRelational, type RelationalOptions, type RelationalStore } from '@loomgraph/stores/relational';
import mysql from 'mysql2/promise';
import { realStore } from './real-store.js';

/** A system of record to test against; every store it opens has a name of its own. */
export interface RelationalBackend {
  readonly name: string;
  open(options: Omit<RelationalOptions, 'name'>): Promise<RelationalStore>;
  /** Closes the store and deletes what it held. */
  drop(store: RelationalStore): Promise<void>;
  /** Gives back what all stores of the backend share. */
  close(): Promise<void>;
}

/** The embedded backend, and each real one that is configured. */
export function relationalBackends(): RelationalBackend[] {
  const real = (['MYSQL_URL', 'MARIADB_URL'] as const).flatMap((key) => {
    const url = realStore(key);
    return url === undefined ? [] : [mysqlBackend(key === 'MYSQL_URL' ? 'MySQL' : 'MariaDB', url)];
  });
  return [pgliteBackend(), ...real];
}

const uniqueName = (): string => `t${randomUUID().replaceAll('-', '').slice(0, 12)}`;

function pgliteBackend(): RelationalBackend {
  let opening: Promise<PGlite> | undefined;
  return {
    name: 'PGlite',
    open: async (options) =>
      openPgliteRelational({ ...options, name: uniqueName(), pglite: await (opening ??= openPglite({ dataDir: 'memory://' })) }),
    drop: (store) => store.close(),
    close: async () => (await opening)?.close(),
  };
}

function mysqlBackend(name: string, url: string): RelationalBackend {
  const databases = new WeakMap<RelationalStore, string>();
  return {
    name,
    async open(options) {
      const database = uniqueName();
      const store = await openMySqlRelational({ ...options, name: database, url, pool: { maxConnections: 40, idleConnections: 0 } });
      databases.set(store, `loom_${database}`);
      return store;
    },
    async drop(store) {
      await store.close();
      const connection = await mysql.createConnection(url.replace('mariadb:', 'mysql:'));
      await connection.query(`drop database if exists \`${databases.get(store)}\``);
      await connection.end();
    },
    close: () => Promise.resolve(),
  };
}
