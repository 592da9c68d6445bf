import type { RelationalStore } from '@loomgraph/stores/relational';

/**
 * The statement that removes outbox rows by their ids, and its parameters. MySQL and MariaDB look each id up: for a plain list they read
 * the whole of so small a table and wait at the rows of every transaction that has not committed yet, so under steady writes the relay would
 * move only when the writers pause.
 */
export function removeOutboxRows(
  store: RelationalStore,
  rows: readonly { readonly id: string | number }[],
): { readonly sql: string; readonly parameters: unknown[] } {
  const outbox = store.table('outbox');
  const ids = rows.map(({ id }) => id);
  if (store.dialect === 'postgresql')
    return { sql: `delete from ${outbox} where id in (${ids.map(() => '?').join(', ')})`, parameters: ids };
  return {
    sql: `delete o from json_table(?, '$[*]' columns (id bigint path '$')) wanted straight_join ${outbox} o on o.id = wanted.id`,
    parameters: [JSON.stringify(ids.map(Number))],
  };
}
