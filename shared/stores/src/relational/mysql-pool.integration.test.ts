import { leaveOutWithout, realStore, waitFor } from '@loomgraph/testing';
import { defineEntity, p } from '@mikro-orm/core';
import { randomUUID } from 'node:crypto';
import mysql from 'mysql2/promise';
import { openMySqlRelational } from './mysql.js';

const Row = defineEntity({ name: 'PoolRow', tableName: 'pool_row', properties: { id: p.integer().primary() } });
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

/** Prevents: a pool for each of several first statements at a time, of which `close` knew only the last; their timers kept the process. */
describe('a store that nobody migrated', () => {
  leaveOutWithout('MYSQL_URL', it);
  for (const key of ['MYSQL_URL', 'MARIADB_URL'] as const) {
    const url = realStore(key);
    if (!url) continue;
    it(`leaves nothing behind when it is closed: ${key}`, async () => {
      const name = `pool_${randomUUID().slice(0, 8)}`;
      const before = timers();
      const store = await openMySqlRelational({ url, name, entities: [Row], migrations: [] });
      await Promise.all(Array.from({ length: 6 }, () => store.read().execute('select 1')));
      await store.close();
      await dropDatabase(url, name);
      await waitFor(timers, (now) => now <= before + 1); // that of waiting itself
    });
  }
});

async function dropDatabase(url: string, name: string): Promise<void> {
  const { hostname: host, port, username: user, password } = new URL(url);
  const server = await mysql.createConnection({ host, port: Number(port), user, password: decodeURIComponent(password) });
  const [databases] = await server.query<mysql.RowDataPacket[]>(`show databases like '%${name}'`);
  for (const row of databases) await server.query(`drop database \`${String(Object.values(row)[0])}\``);
  await server.end();
}
