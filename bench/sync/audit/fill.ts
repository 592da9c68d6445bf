import type { RelationalStore } from '@loomgraph/stores/relational';
import { createPgDatabase } from '@loomgraph/stores/postgres';
import { openVectorIndex } from '@loomgraph/stores/vectors';
import { fingerprint, type Projection } from '@loomgraph/sync';
import type { Pool } from 'pg';
import { collectionOf } from '../workload/projections.ts';
import { TABLE } from '../workload/record.ts';
import { generateRows, idOf } from '../workload/rows.ts';
import type { BenchSettings } from '../workload/settings.ts';
import { writeRows } from '../workload/write-rows.ts';

/** Records that are written as any are; all others are copies of them under other ids. */
const ORIGINALS = 1_000;
const COPIES_PER_STATEMENT = 50;

export interface FillOptions {
  readonly settings: BenchSettings;
  readonly name: string;
  readonly store: RelationalStore;
  readonly projection: Projection;
  readonly pool: Pool;
  /** A multiple of 1,000. */
  readonly records: number;
  readonly seed: number;
  say(line: string): void;
}

export const collectionTable = ({ namespace }: BenchSettings, name: string): string =>
  `"${namespace}_vectors"."${collectionOf({ name, vectorIndex: 'none' }).name}"`;

/**
 * Records in MySQL and their documents in PostgreSQL, in step: a thousand are written by the projection's own target, the others by statements over
 * whole sets. What is derived does not hold the id, so a copy has its original's fingerprint; the checksum holds it, and is computed by the
 * very expression with which the index verifies.
 */
export async function fill({ settings, name, store, projection, pool, records, seed, say }: FillOptions): Promise<void> {
  const originals = generateRows(ORIGINALS, seed);
  await writeRows(store, originals);
  await store.transaction((em) => em.execute(`delete from ${store.table('outbox')}`, [], 'run'));
  const { target, load, derive } = projection.definition;
  const documents = await load(
    originals.map(({ id }) => id),
    store.read(),
  );
  await target.apply(
    documents.map(({ id, revision, value }) => {
      const content = derive(value);
      return { id, revision, fence: 1, fingerprint: fingerprint(projection.versionKey, content), content };
    }),
  );
  const table = collectionTable(settings, name);
  await dropIndexes(pool, table);
  const checksum = await checksumExpression(settings, name);
  const columns = await columnsOf(pool, table);
  const copies = records / ORIGINALS - 1;
  for (let from = 1; from <= copies; from += COPIES_PER_STATEMENT) {
    const to = Math.min(copies, from + COPIES_PER_STATEMENT - 1);
    await copyRecords(store, from, to);
    await pool.query(
      `insert into ${table} (id, ${columns.join(', ')}, checksum)
       select t.*, ${checksum} from (
         select 't' || lpad((copy * ${ORIGINALS} + substr(s.id, 2)::int)::text, 9, '0') as id, ${columns.map((column) => `s.${column}`).join(', ')}
           from ${table} s, generate_series($1::int, $2::int) copy where s.id < '${idOf(ORIGINALS)}') t`,
      [from, to],
    );
    say(`audit: ${((to + 1) * ORIGINALS).toLocaleString('en')} of ${records.toLocaleString('en')} records are there`);
  }
  await pool.query(`vacuum analyze ${table}`);
}

async function copyRecords(store: RelationalStore, from: number, to: number): Promise<void> {
  const table = store.table(TABLE);
  const numbers = Array.from({ length: to - from + 1 }, (_, n) => `select ${from + n} as copy`).join(' union all ');
  const columns = 'name, category, language, description, revision';
  await store.transaction((em) =>
    em.execute(
      `insert into ${table} (id, ${columns})
       select concat('t', lpad(n.copy * ${ORIGINALS} + cast(substr(s.id, 2) as unsigned), 9, '0')), ${columns}
         from ${table} s cross join (${numbers}) n where s.id < '${idOf(ORIGINALS)}'`,
      [],
      'run',
    ),
  );
}

/** An audit reads by key; the indexes of searches would take most of the time that filling takes. */
async function dropIndexes(pool: Pool, table: string): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select indexrelid::regclass::text as name from pg_index where indrelid = $1::regclass and not indisprimary`,
    [table],
  );
  for (const { name } of rows) await pool.query(`drop index ${name}`);
}

async function columnsOf(pool: Pool, table: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'checksum') order by attnum`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/** The expression by which the index tells whether a row `t` is what was written, taken from the statement with which it does. */
async function checksumExpression(settings: BenchSettings, name: string): Promise<string> {
  const database = createPgDatabase({ url: settings.stores['POSTGRES_URL'] ?? '', poolSize: 1 });
  const asked: string[] = [];
  const index = await openVectorIndex({
    database: {
      backend: database.backend,
      query: (sql, parameters) => {
        asked.push(sql);
        return database.query(sql, parameters);
      },
      script: (sql) => database.script(sql),
      transaction: (body) => database.transaction(body),
      health: () => database.health(),
      close: () => database.close(),
      [Symbol.asyncDispose]: () => database.close(),
    },
    schema: `${settings.namespace}_vectors`,
    collection: collectionOf({ name, vectorIndex: 'none' }),
  });
  asked.length = 0;
  await index.entries([idOf(0)], { verify: true });
  await database.close();
  const expression = /t\.checksum = (.+)\) AS intact/s.exec(asked[0] ?? '')?.[1];
  if (expression === undefined) throw new Error(`The index verifies in a way that is not known here: ${asked[0]}`);
  return expression;
}
