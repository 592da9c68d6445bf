import { engineTables } from './engine-tables.js';
import { outboxTables } from './outbox-tables.js';

/** The tables of the sync engine, in every subgraph's own database. */
export const syncMigrations = [outboxTables, engineTables] as const;
