import type { Pool, PoolClient } from 'pg';
import { DIMENSIONS } from '../workload/settings.ts';

/**
 * The published recipe for embeddings beside a table, rebuilt plainly: a trigger copies changed texts into a queue table, a worker polls it with
 * SKIP LOCKED, embeds what it took and writes the vectors, all in one transaction.
 *
 * pgEdge Vectorizer: https://docs.pgedge.com/pgedge-vectorizer/v1-1/ (architecture), https://github.com/pgEdge/pgedge-vectorizer/blob/main/src/worker.c
 * (10 items a batch; it waits its poll interval, 1 s, before every batch, which alone allows 10 rows/s per worker). pgai:
 * https://github.com/timescale/pgai/blob/main/docs/vectorizer/overview.md (trigger, queue table, worker; small batches are what its documentation
 * advises). This one does not wait while there is work, and writes a batch with two statements: kinder than either.
 */
export interface Recipe {
  readonly schema: string;
  /** Texts that are taken and embedded together. */
  readonly batch: number;
}

export type Embed = (texts: readonly string[]) => Promise<number[][]>;

export async function createRecipe(pool: Pool, schema: string): Promise<void> {
  await pool.query(`create schema if not exists "${schema}"; set search_path to "${schema}", public;
    create table source (id text primary key, content text not null);
    create table chunk (id bigint generated always as identity primary key, source_id text not null unique references source on delete cascade,
      content text not null, embedding vector(${DIMENSIONS}));
    create index on chunk using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 128);
    create table queue (id bigint generated always as identity primary key, chunk_id bigint not null, content text not null,
      status text not null default 'pending', created_at timestamptz not null default now());
    create index on queue (created_at) where status = 'pending';
    create function enqueue() returns trigger language plpgsql set search_path from current as $$
    declare changed bigint;
    begin
      insert into chunk (source_id, content) values (new.id, new.content)
        on conflict (source_id) do update set content = excluded.content, embedding = null returning id into changed;
      insert into queue (chunk_id, content) values (changed, new.content);
      return null;
    end $$;
    create trigger enqueue after insert or update of content on source for each row execute function enqueue();`);
}

/** Works the queue off. @returns how many texts were embedded */
export async function workOff(pool: Pool, { schema, batch }: Recipe, embed: Embed): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query(`set search_path to "${schema}", public`);
    for (let done = 0; ;) {
      const taken = await takeBatch(client, batch, embed);
      if (taken === 0) return done;
      done += taken;
    }
  } finally {
    client.release();
  }
}

async function takeBatch(client: PoolClient, batch: number, embed: Embed): Promise<number> {
  await client.query('begin');
  const { rows } = await client.query<{ id: string; chunk_id: string; content: string }>(
    `select id, chunk_id, content from queue where status = 'pending' order by created_at limit $1 for update skip locked`,
    [batch],
  );
  if (rows.length > 0) {
    const embeddings = await embed(rows.map(({ content }) => content));
    await client.query(
      `update chunk set embedding = r.embedding::vector from unnest($1::bigint[], $2::text[]) as r (id, embedding) where chunk.id = r.id`,
      [rows.map((row) => row.chunk_id), embeddings.map((embedding) => JSON.stringify(embedding))],
    );
    await client.query(`update queue set status = 'completed' where id = any($1::bigint[])`, [rows.map(({ id }) => id)]);
  }
  await client.query('commit');
  return rows.length;
}
