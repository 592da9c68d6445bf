import type { SqlDialect } from '@loomgraph/stores/relational';

/** Milliseconds since the epoch on the database's clock, once per statement: as a subquery it is not computed for every row. */
export function nowMs(dialect: SqlDialect): string {
  return dialect === 'postgresql'
    ? `(select (extract(epoch from clock_timestamp()) * 1000)::bigint)`
    : `cast(floor(unix_timestamp(now(3)) * 1000) as signed)`;
}

/** The clause that turns an insert into an upsert on the primary key; `assign` gives each column its new value. */
export function onConflict(
  dialect: SqlDialect,
  key: readonly string[],
  assign: (incoming: (column: string) => string) => readonly string[],
): string {
  return dialect === 'postgresql'
    ? `on conflict (${key.join(', ')}) do update set ${assign((column) => `excluded.${column}`).join(', ')}`
    : `on duplicate key update ${assign((column) => `values(${column})`).join(', ')}`;
}

/** `(?, ?), (?, ?)` for `rows` rows of `width` columns. */
export function placeholders(rows: number, width: number): string {
  const row = `(${Array.from({ length: width }, () => '?').join(', ')})`;
  return Array.from({ length: rows }, () => row).join(', ');
}
