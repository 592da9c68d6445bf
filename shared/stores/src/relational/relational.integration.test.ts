import { randomUUID } from 'node:crypto';
import mysql from 'mysql2/promise';
import { realStore } from '@loomgraph/testing';
import { openPglite } from '../postgres/index.js';
import { describeRelationalContract } from './contract.js';
import { openMySqlRelational } from './mysql.js';
import { openPgliteRelational } from './pglite.js';

const unique = (): string => `t${randomUUID().slice(0, 8)}`;

let pglite: Awaited<ReturnType<typeof openPglite>>;
beforeAll(async () => {
  pglite = await openPglite({ dataDir: 'memory://' });
});
afterAll(() => pglite.close());

describeRelationalContract({ name: 'PGlite', create: (options) => openPgliteRelational({ ...options, name: unique(), pglite }), drop: (store) => store.close() });

for (const key of ['MYSQL_URL', 'MARIADB_URL'] as const) {
  const url = realStore(key);
  if (!url) continue;
  const databases = new Map<object, string>();
  describeRelationalContract({
    name: key,
    async create(options) {
      const name = unique();
      const store = await openMySqlRelational({ ...options, name, url });
      databases.set(store, `loom_${name}`);
      return store;
    },
    async drop(store) {
      await store.close();
      const connection = await mysql.createConnection(url.replace('mariadb:', 'mysql:'));
      await connection.query(`drop database if exists \`${databases.get(store)}\``);
      await connection.end();
    },
  });
}
