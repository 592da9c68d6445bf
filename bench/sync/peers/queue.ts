import { Pool } from 'pg';
import { watchCpuSplit } from '../measures/cpu-split.ts';
import type { Part, Run } from '../measures/part.ts';
import { startMember } from '../processes/start.ts';
import { openDatabase, openStores } from '../workload/open-database.ts';
import { generateRows } from '../workload/rows.ts';
import { tableOf } from '../workload/table-target.ts';
import { writeRows } from '../workload/write-rows.ts';
import type { GraphileApi } from './graphile-member.ts';
import { installPeer } from './install.ts';

const WARM_UP = 200;
const SHAPES = [
  { figure: 'peer.graphileWorker', recordsPerJob: 1, what: 'a job for each record' },
  // The batch of our policy: fewer jobs, and a failure is that of all 64.
  { figure: 'peer.graphileWorker.batch64', recordsPerJob: 64, what: 'a job for 64 records' },
] as const;

/** A queue in PostgreSQL that moves the same rows, from MySQL into the same kind of table as `throughput.table`. */
export async function measureQueue({ settings, size, seed, say }: Run): Promise<Part> {
  const entry = await installPeer('graphile-worker/dist/index.js', say);
  const url = settings.stores['POSTGRES_URL'] ?? '';
  const rows = generateRows(WARM_UP + size.backlog, seed);
  const ids = rows.map(({ id }) => id);
  const parts: Part[] = [];
  for (const { figure, recordsPerJob, what } of SHAPES) {
    const name = `queued_${recordsPerJob}`;
    const schema = `${settings.namespace}_graphile_${recordsPerJob}`;
    await using stores = openStores(settings);
    const store = await openDatabase(stores, { name, capture: 'none' });
    await writeRows(store, rows);
    const pool = new Pool({ connectionString: url, max: 1 });
    await using _ = { [Symbol.asyncDispose]: () => pool.end() };
    await using member = startMember<GraphileApi>(new URL('graphile-member.ts', import.meta.url));
    const options = { settings, entry, schema, name };
    await member.ask('prepare', options);
    const queue = async (some: readonly string[]): Promise<number> => {
      const jobs = Array.from({ length: Math.ceil(some.length / recordsPerJob) }, (_, job) =>
        some.slice(job * recordsPerJob, (job + 1) * recordsPerJob),
      );
      await pool.query(`select "${schema}".add_job('move', json_build_object('ids', ids)) from json_array_elements($1::json) as j (ids)`, [
        JSON.stringify(jobs),
      ]);
      return jobs.length;
    };
    const check = async (some: readonly string[]): Promise<readonly string[]> => {
      const { rows: found } = await pool.query<{ n: number }>(
        `select count(*)::int as n from ${tableOf(settings, name)} where id = any($1) and body->>'id' = id and revision = 1`,
        [some],
      );
      return found[0]?.n === some.length ? [] : [`${figure}: ${found[0]?.n} of ${some.length} records were moved`];
    };
    await member.ask('workOff', { ...options, jobs: await queue(ids.slice(0, WARM_UP)) });
    const early = await check(ids.slice(0, WARM_UP));
    if (early.length > 0) return { figures: [], notes: [], failures: early };

    const jobs = await queue(ids.slice(WARM_UP));
    const cpu = watchCpuSplit({ worker: member.pid });
    const { seconds } = await member.ask('workOff', { ...options, jobs });
    const split = cpu();
    const perSecond = size.backlog / seconds;
    say(`peer: Graphile Worker, ${what}: ${Math.round(perSecond)} records/s (${split})`);
    parts.push({
      figures: [
        {
          name: figure,
          value: perSecond,
          meaning: `records/s that Graphile Worker moves from MySQL into a plain PostgreSQL table, ${what}`,
        },
      ],
      notes: [`${figure}, ${size.backlog.toLocaleString('en')} records: ${split}`],
      failures: await check(ids),
    });
  }
  return {
    figures: parts.flatMap(({ figures }) => figures),
    notes: parts.flatMap(({ notes }) => notes),
    failures: parts.flatMap(({ failures }) => failures),
  };
}
