import mysql, { type RowDataPacket } from 'mysql2/promise';
import { Client } from 'pg';

/** Drops the MySQL or MariaDB databases whose name starts with `prefix`. @returns their names */
export async function dropMySqlDatabases(url: string, prefix: (base: string) => string): Promise<string[]> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const client = await mysql.createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  });
  try {
    const start = prefix(pathname.slice(1) || 'loom');
    // Not LIKE: in a pattern the underscores of the names would match anything.
    const [rows] = await client.query<RowDataPacket[]>(
      'select schema_name as name from information_schema.schemata where left(schema_name, ?) = ?',
      [start.length, start],
    );
    const names = rows.map((row) => String(row['name']));
    for (const name of names) await client.query(`drop database \`${name}\``);
    return names;
  } finally {
    await client.end();
  }
}

/** Drops the PostgreSQL schemas whose name starts with `prefix`, with all that is in them. @returns their names */
export async function dropPostgresSchemas(url: string, prefix: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('select nspname as name from pg_namespace where starts_with(nspname, $1)', [
      prefix,
    ]);
    await client.query('set client_min_messages = error');
    for (const { name } of rows) await client.query(`drop schema "${name}" cascade`);
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
