import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Pool } from 'pg';
import type { Random } from '../../../tools/harness/random.ts';
import { TABLE } from '../workload/record.ts';
import { idOf } from '../workload/rows.ts';

export const PLANTED_PER_CLASS = 25;
export const CLASSES = ['missing', 'stale', 'orphan', 'corrupt'] as const;

/** Different records for each class: ids by class. */
export type Planted = Readonly<Record<(typeof CLASSES)[number], readonly string[]>>;

/** Makes documents differ from their records in each way there is, behind everybody's back. `table`: the collection's. */
export async function plant(
  store: RelationalStore,
  pool: Pool,
  options: { table: string; records: number; random: Random },
): Promise<Planted> {
  const { table, records, random } = options;
  const numbers = new Set<number>();
  while (numbers.size < CLASSES.length * PLANTED_PER_CLASS) numbers.add(random.integer(0, records - 1));
  const ids = [...numbers].map(idOf);
  const part = (index: number): readonly string[] => ids.slice(index * PLANTED_PER_CLASS, (index + 1) * PLANTED_PER_CLASS);
  const planted: Planted = { missing: part(0), stale: part(1), orphan: part(2), corrupt: part(3) };
  const run = async (sql: string, ids: readonly string[]): Promise<void> => {
    const { rowCount } = await pool.query(sql, [ids]);
    if (rowCount !== ids.length) throw new Error(`${ids.length} corruptions were to be planted, ${rowCount} were.`);
  };
  await run(`delete from ${table} where id = any($1)`, planted.missing);
  await run(`update ${table} set revision = revision - 1 where id = any($1)`, planted.stale);
  // The embedding: what a search compares with, and nothing a reader would see.
  await run(`update ${table} set e_content = e_content + e_content where id = any($1)`, planted.corrupt);
  await store.transaction((em) =>
    em.execute(`delete from ${store.table(TABLE)} where id in (${planted.orphan.map(() => '?').join(', ')})`, [...planted.orphan], 'run'),
  );
  return planted;
}
