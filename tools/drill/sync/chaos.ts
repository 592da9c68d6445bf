import { setTimeout as sleep } from 'node:timers/promises';
import { createStoreSet } from '@loomgraph/stores';
import { createLexicalEmbedder } from '@loomgraph/ai';
import { createTemplatesSubgraph } from '@loomgraph/subgraph-templates';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import type { Random } from '../../harness/random.ts';
import { openProjections } from '../smoke/projections.ts';
import { RegressionWatch } from './check/regressions.ts';
import type { FaultLog } from './faults/fault-log.ts';
import { neverHit } from './faults/steps.ts';
import { runStoreFaults } from './faults/store-faults.ts';
import { runLateCommits } from './load/late-commits.ts';
import { openRecord } from './load/open-record.ts';
import { runLoad } from './load/run-load.ts';
import { runRebuilds } from './load/rebuilds.ts';
import type { PrivateStores } from './stores/private-stores.ts';
import { openProxies } from './stores/proxied.ts';
import { storeUrls } from './stores/store-urls.ts';
import { superviseWorker } from './worker/supervisor.ts';
import type { Broken } from './worker/worker-config.ts';

const WORKERS = 2;
const DIMENSIONS = 1_536;
const REPORT_EVERY_MS = 10_000;
/** Transactions that commit late go on for longer than the rest, so that nothing comes after the last of them and mends what they made wrong. */
const LATE_WRITERS = 5;
const LATE_LONGER_MS = 15_000;

export interface ChaosOptions {
  readonly stores: PrivateStores;
  /** Servers whose process is killed, too. */
  readonly crash: boolean;
  readonly random: Random;
  /** Goes on until this many faults were injected. */
  readonly faults: number;
  /** Or until this time has passed. */
  readonly maxSeconds: number;
  readonly broken: Broken | undefined;
  readonly log: FaultLog;
  readonly resources: AsyncDisposableStack;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly written: number;
  readonly deaths: number;
  readonly regressions: readonly string[];
  /** What workers noticed of each other, and how they ended when nobody killed them. */
  readonly violations: readonly string[];
  /** What the auditors of the workers said of what they found. */
  readonly drifts: readonly string[];
  readonly looks: number;
  readonly seconds: number;
}

/**
 * Writes to real servers while two relays on one database are killed, throttled and made to sleep, their servers cut off and crashed, events doubled and
 * clocks moved. Everything is healed at the end; what is still owed is left for whoever relays next.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { stores, random, log, resources, say } = options;
  const startedAt = performance.now();
  const writer = resources.use(createStoreSet({ urls: storeUrls(stores.env), dataDir: 'memory://' }));
  const subgraph = resources.use(
    await createTemplatesSubgraph({
      stores: writer,
      embedder: createLexicalEmbedder({ dimensions: DIMENSIONS }),
      logger: silentLogger,
      metrics: createMetrics(),
    }),
  );
  const { projections } = await openProjections(writer, { withCache: true });
  const watch = new RegressionWatch(projections.map(({ projection }) => projection));
  const proxied = resources.use(await openProxies(stores.env));
  const violations: string[] = [];
  const drifts: string[] = [];
  let written = 0;

  const workers = await Promise.all(
    Array.from({ length: WORKERS }, (_, number) =>
      superviseWorker(
        (life) => ({
          stores: { ...proxied.env, OCCUPANCY_URL: stores.env['REDIS_URL'] ?? '' },
          dataDir: 'memory://',
          seed: `${random.integer(1, 1e9)}/${number}/${life}`,
          chaos: true,
          neverHit: neverHit(log),
          poison: true,
          write: false,
          ...(options.broken === undefined ? {} : { broken: options.broken }),
        }),
        {
          line(line) {
            if (line.kind === 'fault') log.add(line.fault);
            if (line.kind === 'violation') violations.push(line.what);
            if (line.kind === 'drift') drifts.push(line.what);
          },
          failed: (reason) => violations.push(reason),
        },
      ),
    ),
  );
  for (const worker of workers) resources.use(worker);

  const load = new AbortController();
  const late = new AbortController();
  const harm = new AbortController();
  const progress = setInterval(() => say(`${log.total} faults, ${written} writes`), REPORT_EVERY_MS);
  const watching = watch.run(harm.signal);
  const record = await openRecord(writer);
  const writing = runLoad({ subgraph, random: random.fork('load'), signal: load.signal, onWritten: () => written++ });
  const writingLate = Promise.all(
    Array.from({ length: LATE_WRITERS }, (_, number) =>
      runLateCommits({ record, random: random.fork(`late ${number}`), signal: late.signal, onWritten: () => written++ }),
    ),
  );
  // A rebuild mends whatever a build without a safeguard passes over.
  const rebuilding =
    options.broken === undefined
      ? runRebuilds({ record: record.store, signal: load.signal, report: (fault) => log.add(fault) })
      : Promise.resolve();
  const breaking = runStoreFaults({
    stores,
    proxies: proxied.proxies,
    killable: options.crash ? ['postgres', 'neo4j', 'redis', 'mysql'] : [],
    random: random.fork('stores'),
    signal: harm.signal,
    areReady: () => workers.every((worker) => worker.isReady),
    report: (fault) => log.add(fault),
  });
  try {
    const isOver = (): boolean => log.total >= options.faults || performance.now() - startedAt > options.maxSeconds * 1_000;
    while (!isOver()) await sleep(100);
    load.abort();
    await writing;
    await sleep(LATE_LONGER_MS);
    late.abort();
    await writingLate;
  } finally {
    harm.abort();
    load.abort();
    late.abort();
    clearInterval(progress);
    await Promise.all([breaking, watching, rebuilding]);
  }
  await Promise.all(workers.map((worker) => worker.stop()));
  if (watch.looks === 0) violations.push(`nobody watched the targets: ${String(watch.lastError)}`);
  return {
    written,
    deaths: workers.reduce((sum, worker) => sum + worker.deaths, 0),
    regressions: watch.violations,
    violations,
    drifts,
    looks: watch.looks,
    seconds: (performance.now() - startedAt) / 1_000,
  };
}
