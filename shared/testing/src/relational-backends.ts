import { randomUUID } from 'node:crypto';
import type { PGlite } from '@electric-sql/pglite';
import { openPglite } from '@loomgraph/stores/postgres';
import { openMySqlRelational, openPgliteRelational, type RelationalOptions, type RelationalStore } from '@loomgraph/stores/relational';
import mysql from 'mysql2/promise';
import { realRecords } from './real-records.js';

/** A system of record to test against; every store it opens has a name of its own. */
export interface RelationalBackend {
  readonly name: string;
  open(options: Omit<RelationalOptions, 'name'>): Promise<RelationalStore>;
  /** Closes the store and deletes what it held. */
  drop(store: RelationalStore): Promise<void>;
  /** Gives back what all stores of the backend share. */
  close(): Promise<void>;
}

/** The embedded backend, and real ones: see `realRecords`. */
export function relationalBackends(suite?: string): RelationalBackend[] {
  return [pgliteBackend(), ...realRecords(suite).map(({ name, url }) => mysqlBackend(name, url))];
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
