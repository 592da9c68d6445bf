import { createLexicalEmbedder } from '@loomgraph/ai';
import { Pool } from 'pg';
import { watchCpuSplit } from '../measures/cpu-split.ts';
import type { Part, Run } from '../measures/part.ts';
import { startMember } from '../processes/start.ts';
import { textOf } from '../workload/projections.ts';
import { generateRows, type BenchRow } from '../workload/rows.ts';
import { DIMENSIONS } from '../workload/settings.ts';
import type { PollingWorkerApi } from './polling-worker-member.ts';
import { createRecipe } from './polling-worker.ts';

/** One by one, in the batches of pgEdge's default, in ours. */
const BATCHES = [1, 10, 64];
const WARM_UP = 200;

/** The recipe of trigger, queue table and polling worker over the same texts, the same embedder and the same kind of vector index. */
export async function measurePollingWorker({ settings, size, seed, say }: Run): Promise<Part> {
  const url = settings.stores['POSTGRES_URL'] ?? '';
  const rows = generateRows(WARM_UP + size.backlog, seed);
  const parts: Part[] = [];
  for (const batch of BATCHES) {
    const schema = `${settings.namespace}_recipe_${batch}`;
    const pool = new Pool({ connectionString: url, max: 1 });
    await using _ = { [Symbol.asyncDispose]: () => pool.end() };
    await createRecipe(pool, schema);
    await using worker = startMember<PollingWorkerApi>(new URL('polling-worker-member.ts', import.meta.url));
    const work = { url, recipe: { schema, batch } };
    await insert(pool, schema, rows.slice(0, WARM_UP));
    await worker.ask('workOff', work);
    const early = await check(pool, schema, rows.slice(0, WARM_UP));
    if (early.length > 0) return { figures: [], notes: [], failures: early };

    await insert(pool, schema, rows.slice(WARM_UP));
    const cpu = watchCpuSplit({ worker: worker.pid });
    const { done, seconds } = await worker.ask('workOff', work);
    const split = cpu();
    const perSecond = done / seconds;
    say(`peer: polling worker, batches of ${batch}: ${Math.round(perSecond)} records/s (${split})`);
    parts.push({
      figures: [
        {
          name: `peer.pollingWorker.batch${batch}`,
          value: perSecond,
          meaning: `records/s of a trigger, a queue table and a polling worker that embeds ${batch === 1 ? 'one by one' : `${batch} at a time`}`,
        },
      ],
      notes: [`peer.pollingWorker.batch${batch}, ${size.backlog.toLocaleString('en')} records: ${split}`],
      failures: await check(pool, schema, rows),
    });
  }
  return {
    figures: parts.flatMap(({ figures }) => figures),
    notes: parts.flatMap(({ notes }) => notes),
    failures: parts.flatMap(({ failures }) => failures),
  };
}

async function insert(pool: Pool, schema: string, rows: readonly BenchRow[]): Promise<void> {
  await pool.query(`insert into "${schema}".source select * from unnest($1::text[], $2::text[])`, [
    rows.map(({ id }) => id),
    rows.map(textOf),
  ]);
}

/** Every text must have its own embedding. */
async function check(pool: Pool, schema: string, rows: readonly BenchRow[]): Promise<readonly string[]> {
  const expected = await createLexicalEmbedder({ dimensions: DIMENSIONS }).embed(rows.map(textOf));
  const { rows: right } = await pool.query<{ n: number }>(
    `select count(*)::int as n from "${schema}".chunk c join unnest($1::text[], $2::text[]) as r (id, embedding) on r.id = c.source_id
      where c.embedding <-> r.embedding::vector < 1e-6`,
    [rows.map(({ id }) => id), expected.map((embedding) => JSON.stringify(embedding))],
  );
  return right[0]?.n === rows.length ? [] : [`peer: ${right[0]?.n} of ${rows.length} texts have their embedding in ${schema}`];
}
