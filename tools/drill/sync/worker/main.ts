/** A worker of the sync drill: the relay and consumers of the templates subgraph in a process of its own, to be broken and killed. */
import { writeSync } from 'node:fs';
import { StoreError } from '@loomgraph/core';
import { createStoreSet, type StoreSet } from '@loomgraph/stores';
import { createTemplatesSubgraph } from '@loomgraph/subgraph-templates';
import { createMetrics, silentLogger, type LogFields } from '@loomgraph/telemetry';
import { Redis } from 'ioredis';
import { createRandom } from '../../../harness/random.ts';
import { chaoticBus } from '../faults/chaotic-bus.ts';
import { chaoticEmbedder } from '../faults/chaotic-embedder.ts';
import { startClockJumps } from '../faults/clock-jumps.ts';
import { createWorkerFaults } from '../faults/worker-faults.ts';
import { openRecord } from '../load/open-record.ts';
import { runLoad } from '../load/run-load.ts';
import { storeUrls } from '../stores/store-urls.ts';
import { forgetLeases } from './forget-leases.ts';
import { guardedProjection, type Occupancy } from './guarded-projection.ts';
import { passOverLateRows } from './late-rows.ts';
import { COULD_NOT_START, type WorkerConfig, type WorkerLine } from './worker-config.ts';

const DIMENSIONS = 1_536;

// A process that cannot start because a store is away says so and ends: its supervisor tries again.
const stopped = new AbortController();
let isReady = false;
process.once('SIGTERM', () => {
  if (!isReady) process.exit(0);
  stopped.abort();
});
process.on('uncaughtException', (error) => {
  if (!isReady && isTroubleOfStore(error)) process.exit(COULD_NOT_START);
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});

const config = JSON.parse(process.argv[2] ?? '{}') as WorkerConfig; // written by the drill
const random = createRandom(config.seed);
/** At once, so that what is said before a kill is heard. */
const tell = (line: WorkerLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const report = (fault: string): void => tell({ kind: 'fault', fault });

const opened = createStoreSet({
  urls: storeUrls(config.stores),
  dataDir: config.dataDir,
  ...(config.namespace === undefined ? {} : { namespace: config.namespace }),
  pools: { relational: { connectTimeoutMs: 2_000 }, postgres: { connectTimeoutMs: 2_000 }, neo4j: { connectTimeoutMs: 2_000 } },
});
const stores: StoreSet = config.chaos
  ? { ...opened, bus: async () => chaoticBus(await opened.bus(), { random: random.fork('bus'), report }) }
  : opened;
const embedder = chaoticEmbedder({
  dimensions: DIMENSIONS,
  random: random.fork('embedder'),
  storms: config.chaos,
  poisonous: () => config.poison,
  report,
});
const faults = config.chaos
  ? createWorkerFaults({
      random: random.fork('faults'),
      neverHit: config.neverHit,
      report,
      kill: () => void process.kill(process.pid, 'SIGKILL') as never,
    })
  : undefined;
const occupancy = openOccupancy(config.stores['OCCUPANCY_URL']);
const guards = { random: random.fork('zombies'), occupancy, chaos: config.chaos, broken: config.broken, report };
const subgraph = await createTemplatesSubgraph({
  stores,
  embedder,
  logger: { ...silentLogger, warn: tellDrift },
  metrics: createMetrics(),
  // What is planted is for the job that looks for it; what a broken build leaves is for the drill to see.
  audit: config.chaos && config.broken === undefined ? { restMs: 200, cycleMs: 20_000, recordsPerSecond: 2_000 } : 'off',
  relay: {
    pollMs: 50,
    ...(faults ? { faults: (point) => (stopped.signal.aborted ? undefined : faults(point)) } : {}),
  },
  adaptProjection: (projection) => guardedProjection(projection, { ...guards, violation: (what) => tell({ kind: 'violation', what }) }),
});
if (config.broken === 'checkpoint') passOverLateRows((await openRecord(opened)).store, report);
// Workers without leases take each other's work for ever: what is owed afterwards is left to one that has them.
if (config.broken === 'lease' && config.chaos) forgetLeases((await openRecord(opened)).store);
if (config.chaos) startClockJumps({ random: random.fork('clock'), report });
await subgraph.start();
isReady = true;
tell({ kind: 'ready' });

if (config.write) {
  await runLoad({
    subgraph,
    random: random.fork('load'),
    signal: stopped.signal,
    onWritten: (records) => tell({ kind: 'written', records }),
  });
} else await new Promise((resolve) => stopped.signal.addEventListener('abort', resolve));
await subgraph.close();
await opened.close();
process.exit(0);

/** Where what nobody damaged differs: by then it is repaired, and this is all there is to find the cause with. */
function tellDrift(message: string, fields?: LogFields): void {
  if (config.chaos && message === 'The audit found drift.') tell({ kind: 'drift', what: JSON.stringify(fields) });
}

function isTroubleOfStore(error: unknown): boolean {
  return (error instanceof StoreError && error.retryable) || /connection (is )?(lost|closed)|ECONN|ETIMEDOUT/i.test(String(error));
}

/** One worker has the embedded stores to itself: there is nobody to meet. */
function openOccupancy(url: string | undefined): Occupancy {
  if (url === undefined) return { enter: () => Promise.resolve([]), leave: () => Promise.resolve() };
  const redis = new Redis(url, { lazyConnect: false, maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined);
  return {
    async enter(keys, untilMs) {
      const pipeline = redis.pipeline();
      for (const key of keys) pipeline.set(`occupied:${key}`, '1', 'PXAT', Math.round(untilMs), 'NX');
      const answers = await pipeline.exec().catch(() => null);
      // Who cannot be asked saw nothing.
      return keys.filter((_, position) => answers?.[position]?.[0] === null && answers[position][1] === null);
    },
    async leave(keys) {
      if (keys.length > 0) await redis.del(keys.map((key) => `occupied:${key}`)).catch(() => undefined);
    },
  };
}
