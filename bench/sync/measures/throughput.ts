import { openDatabase, openStores } from '../workload/open-database.ts';
import { openProjection } from '../workload/projections.ts';
import { generateRows } from '../workload/rows.ts';
import type { TargetName } from '../workload/settings.ts';
import { writeRows } from '../workload/write-rows.ts';
import { startMember } from '../processes/start.ts';
import type { RelayApi } from '../processes/relay-member.ts';
import { checkTarget } from './check-target.ts';
import { watchCpuSplit } from './cpu-split.ts';
import type { Part, Run } from './part.ts';

const DRAIN_TIMEOUT_MS = 900_000;
const WARM_UP = 200;

export const DRAINED: Readonly<Record<TargetName, string>> = {
  vectors: 'PostgreSQL: words, 256 dimensions, HNSW',
  graph: 'Neo4j: a node and its edge',
  cache: 'Redis',
  table: 'a plain PostgreSQL table',
};

/** How fast one relay with one projection works off a backlog: changes in the outbox, each of another record. */
export async function measureThroughput(target: TargetName, { settings, size, seed, say }: Run): Promise<Part> {
  const name = `drain_${target}`;
  await using stores = openStores(settings);
  const store = await openDatabase(stores, { name });
  await using relay = startMember<RelayApi>(new URL('../processes/relay-member.ts', import.meta.url));
  await relay.ask('open', { settings, name, targets: [target] });

  // The first drain fills caches and compiles; what it wrote is checked before anything is timed.
  const rows = generateRows(WARM_UP + size.backlog, seed);
  const projection = await openProjection(stores, target, { settings, name, vectorIndex: 'hnsw' });
  await relay.ask('drain', { expected: 0, of: 'documents', timeoutMs: DRAIN_TIMEOUT_MS });
  await writeRows(store, rows.slice(0, WARM_UP));
  await relay.ask('drain', { expected: WARM_UP, of: 'documents', timeoutMs: DRAIN_TIMEOUT_MS });
  const early = await checkTarget(
    store,
    projection,
    rows.slice(0, WARM_UP).map(({ id }) => id),
  );
  if (early.length > 0) return { figures: [], notes: [], failures: early };

  await writeRows(store, rows.slice(WARM_UP));
  const cpu = watchCpuSplit({ relay: relay.pid });
  const { seconds } = await relay.ask('drain', { expected: size.backlog, of: 'documents', timeoutMs: DRAIN_TIMEOUT_MS });
  const split = cpu();
  const perSecond = size.backlog / seconds;
  say(`throughput: ${target} ${Math.round(perSecond)} records/s (${split})`);
  const wrong = await checkTarget(
    store,
    projection,
    rows.map(({ id }) => id),
  );
  return {
    figures: [
      { name: `throughput.${target}`, value: perSecond, meaning: `records/s that one relay brings from the outbox to ${DRAINED[target]}` },
    ],
    notes: [`throughput.${target}, ${size.backlog.toLocaleString('en')} records: ${split}`],
    failures: wrong,
  };
}
