import type { PGlite } from '@electric-sql/pglite';
import { MikroORM } from '@mikro-orm/pglite';
import type { MikroORM as SqlMikroORM } from '@mikro-orm/sql';
import type { RelationalOptions, RelationalStore } from './port.js';
import { createRelationalStore, migrationOptions } from './store.js';

/**
 * The embedded system of record: one Postgres schema per subgraph on the process's one PGlite. It has a single connection, so
 * transactions of all subgraphs run one after the other.
 */
export async function openPgliteRelational(options: RelationalOptions & { readonly pglite: PGlite }): Promise<RelationalStore> {
  const schema = `loom_${options.name}`;
  const parts = { dialect: 'postgresql' as const, schema };
  const orm = (await MikroORM.init({
    entities: options.entities as never,
    subscribers: options.subscribers as never,
    dbName: 'loomgraph',
    schema,
    driverOptions: { pglite: () => options.pglite },
    ...migrationOptions(options.migrations, parts),
  } as never)) as unknown as SqlMikroORM;
  await options.pglite.exec(`create schema if not exists "${schema}"`);
  return createRelationalStore({
    ...parts,
    orm,
    backend: 'pglite',
    name: options.name,
    exclusive: true,
    // One process owns a PGlite folder, so nobody else can be migrating.
    migrationLock: (work) => work(),
  });
}
