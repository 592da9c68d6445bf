import { createHash } from 'node:crypto';
import type { SqlDatabase, SqlExecutor } from './port.js';
import { quoted } from './values.js';

export interface SchemaDefinition {
  readonly schema: string;
  /** The table whose comment remembers the definition. */
  readonly table: string;
  readonly extensions?: readonly string[];
  /** Idempotent statements; `IF NOT EXISTS` throughout. */
  readonly statements: readonly string[];
  /** Runs after the statements in the same transaction; throws when what is there does not fit. */
  readonly verify?: (transaction: SqlExecutor) => Promise<void>;
}

/** Any fixed number will do, as long as every process that defines tables here takes the same one ("loom" in ASCII). */
const LOCK_KEY = 0x6c6f6f6d;

/**
 * Creates or extends tables. Any number of processes may do it at once: they queue on an advisory lock. A process that finds its
 * definition in place takes no lock on the table, so a restart never queues behind, or in front of, running statements; one round trip.
 */
export async function ensureSchema(database: SqlDatabase, definition: SchemaDefinition): Promise<void> {
  const { schema, table, extensions = [], statements, verify } = definition;
  const mark = `loomgraph ${createHash('sha256')
    .update(JSON.stringify([extensions, statements]))
    .digest('hex')
    .slice(0, 32)}`;
  if (await isMarked(database, definition, mark)) return;
  await database.transaction(async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    if (await isMarked(transaction, definition, mark)) return;
    await transaction.script(
      [
        ...extensions.map((extension) => `CREATE EXTENSION IF NOT EXISTS ${quoted(extension)}`),
        `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`,
        ...statements,
        `COMMENT ON TABLE ${quoted(schema)}.${quoted(table)} IS '${mark}'`,
      ].join(';\n'),
    );
    await verify?.(transaction);
  });
}

async function isMarked(executor: SqlExecutor, { schema, table }: SchemaDefinition, mark: string): Promise<boolean> {
  const { rows } = await executor.query<{ mark: string | null }>(
    `SELECT obj_description(c.oid, 'pg_class') AS mark
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
    [schema, table],
  );
  return rows[0]?.mark === mark;
}
