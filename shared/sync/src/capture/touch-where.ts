import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { touchRecords } from '../outbox/touch-records.js';
import type { RecordType } from '../record.js';
import { capturedTable } from './trigger-sql.js';

export interface TouchedRecords {
  readonly store: RelationalStore;
  /** Of the running transaction. */
  readonly em: EntityManager;
  readonly record: RecordType;
}

/**
 * Raises the revision of the records that a condition finds, and makes them due: for a change elsewhere that makes what is derived from them another,
 * or beside a native statement that changes them. Three statements, however many there are.
 * @param where with `?` for the parameters
 */
export async function touchWhere({ store, em, record }: TouchedRecords, where: string, parameters: readonly unknown[]): Promise<void> {
  const { sql: table, key, revision } = capturedTable(store, record);
  await em.execute(`update ${table} set ${revision} = ${revision} + 1 where ${where}`, [...parameters], 'run');
  const changed = await em.execute<{ id: unknown; revision: unknown }[]>(
    `select ${key} as id, ${revision} as revision from ${table} where ${where}`,
    [...parameters],
  );
  touchRecords(
    em,
    record,
    changed.map(({ id, revision }) => ({ id: String(id), revision: Number(revision) })),
  );
}
