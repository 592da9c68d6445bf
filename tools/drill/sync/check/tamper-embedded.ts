import type { RelationalStore } from '@loomgraph/stores/relational';
import { NO_COLLATERAL, type Tamper } from './tamper.ts';

/** Tampers with a collection of vectors beside the embedded record: one database holds all. */
export function tamperEmbeddedVectors(record: RelationalStore, table: string): Tamper {
  const run = async (change: (name: string) => string, ids: readonly string[]): Promise<void> => {
    const rows = await record.read().execute<{ name: string }[]>(
      `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.columns
         where column_name = 'checksum' and table_name like ?`,
      [table],
    );
    if (rows.length === 0) throw new Error(`No collection like ${table} was found.`);
    for (const { name } of rows) await changeRows(record, change(name), ids);
  };
  return {
    lose: async (ids) => {
      await run((name) => `delete from ${name} where id in`, ids);
      return NO_COLLATERAL;
    },
    age: (ids) => run((name) => `update ${name} set revision = revision - 1 where id in`, ids),
    damage: (ids) => run((name) => `update ${name} set title = 'tampered with' where id in`, ids),
  };
}

/** Tampers with the nodes of a label in the embedded graph. */
export function tamperEmbeddedGraph(record: RelationalStore, label: string): Tamper {
  const where = `where label = '${label}' and id in`;
  return {
    // Edges are rows of their own: those that point at a node outlive it.
    lose: async (ids) => {
      await changeRows(record, `delete from graph.nodes ${where}`, ids);
      return NO_COLLATERAL;
    },
    age: (ids) => changeRows(record, `update graph.nodes set revision = revision - 1 ${where}`, ids),
    damage: (ids) => changeRows(record, `update graph.nodes set properties = properties || '{"name":"tampered with"}' ${where}`, ids),
  };
}

async function changeRows(record: RelationalStore, statement: string, ids: readonly string[]): Promise<void> {
  await record.transaction((em) => em.execute(`${statement} (${ids.map(() => '?').join(', ')})`, [...ids], 'run'));
}
