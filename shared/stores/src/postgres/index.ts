export * from './port.js';
export { createPgDatabase, type PgDatabaseOptions } from './pg.js';
export { createPgliteDatabase, openPglite, type OpenPgliteOptions } from './pglite.js';
export { toSqlStoreError } from './error.js';
export { ensureSchema, type SchemaDefinition } from './schema.js';
