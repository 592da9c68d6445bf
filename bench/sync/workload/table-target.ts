import type { ApplyOutcome, ScanEntry, Tombstone } from '@loomgraph/stores/vectors';
import type { ProjectionTarget } from '@loomgraph/sync';
import { Pool } from 'pg';
import type { BenchSettings } from './settings.ts';

/** Where queues and the engine put the same rows: a table of PostgreSQL with nothing else about it. */
export const tableOf = ({ namespace }: Pick<BenchSettings, 'namespace'>, name: string): string => `"${namespace}_bench"."${name}_row"`;

export async function createTable(pool: Pool, settings: BenchSettings, name: string): Promise<string> {
  const table = tableOf(settings, name);
  await pool.query(`create schema if not exists "${settings.namespace}_bench"`);
  await pool.query(
    `create table if not exists ${table} (id text primary key, revision bigint not null, fence bigint not null, fingerprint text not null, body jsonb not null)`,
  );
  return table;
}

/** A target of the engine that is as plain as a queue's handler: one statement for a batch. */
export async function openTableTarget(settings: BenchSettings, name: string): Promise<ProjectionTarget<unknown>> {
  const pool = new Pool({ connectionString: settings.stores['POSTGRES_URL'], max: 4, allowExitOnIdle: true });
  const table = await createTable(pool, settings, name);
  const entriesOf = async (condition: string, parameters: readonly unknown[]): Promise<ScanEntry[]> => {
    const { rows } = await pool.query<Omit<ScanEntry, 'deleted'>>(
      `select id, revision::int, fence::int, fingerprint from ${table} where ${condition}`,
      [...parameters],
    );
    return rows.map((row) => ({ ...row, deleted: false }));
  };
  return {
    kind: 'search',
    store: 'vectors',
    identity: 'table',
    async apply(documents) {
      const { rows } = await pool.query<{ id: string }>(
        `insert into ${table} as t select * from json_to_recordset($1::json) as r (id text, revision bigint, fence bigint, fingerprint text, body jsonb)
         on conflict (id) do update set revision = excluded.revision, fence = excluded.fence, fingerprint = excluded.fingerprint, body = excluded.body
           where (t.revision, t.fence) <= (excluded.revision, excluded.fence) returning id`,
        [
          JSON.stringify(
            documents.map(({ content, id, revision, fence = 0, fingerprint }) => ({ id, revision, fence, fingerprint, body: content })),
          ),
        ],
      );
      const written = new Set(rows.map(({ id }) => id));
      return documents.map(({ id }): ApplyOutcome => (written.has(id) ? 'applied' : 'fenced'));
    },
    async remove(tombstones: readonly Tombstone[]) {
      await pool.query(`delete from ${table} where id = any($1)`, [tombstones.map(({ id }) => id)]);
      return tombstones.map((): ApplyOutcome => 'applied');
    },
    async entries(ids) {
      const found = new Map((await entriesOf('id = any($1)', [ids])).map((entry) => [entry.id, entry]));
      return ids.map((id) => found.get(id) ?? null);
    },
    scan: ({ after = '', limit }) => entriesOf('id > $1 order by id limit $2', [after, limit]),
  };
}
