import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStoreSet } from '@loomgraph/stores';
import { createRandom } from '../../harness/random.ts';
import type { RunContext } from '../../report/command.ts';
import type { RunOptions } from '../../report/options.ts';
import type { Outcome } from '../../report/outcome.ts';
import { checkTargets } from '../smoke/check-targets.ts';
import { openProjections } from '../smoke/projections.ts';
import { runChaos } from './chaos.ts';
import { checkEffects } from './check/effects.ts';
import { plant } from './check/plant.ts';
import { tamperCache, tamperGraph, tamperVectors } from './check/tamper.ts';
import { FaultLog } from './faults/fault-log.ts';
import { compareWithPlanted, countPlanted, runJob } from './repair.ts';
import { describeRun, type Findings } from './report.ts';
import { readDrift, retryAll, waitUntilQuiet } from './settle.ts';
import { openPrivateStores } from './stores/private-stores.ts';
import { storeUrls } from './stores/store-urls.ts';
import { superviseWorker, type SupervisedWorker } from './worker/supervisor.ts';
import type { Broken } from './worker/worker-config.ts';

const FAULTS = 1_000;
const SHORT_FAULTS = 150;
/** What is looked for comes with the load, not with the faults; without leases workers hinder each other, and few steps are reached. */
const BROKEN_FAULTS = 250;
const BROKEN_SECONDS = 150;
const PER_CLASS = 12;

/** The drill on real servers of its own. With `broken`, the build lacks a safeguard, and the drill must say so. */
export async function runOnRealStores(options: RunOptions, { resources, say }: RunContext, broken?: Broken): Promise<Outcome> {
  const random = createRandom(`${options.seed}/${broken ?? 'whole'}`);
  const dir = await mkdtemp(join(tmpdir(), 'loomgraph-sync-'));
  resources.defer(() => rm(dir, { recursive: true, force: true }));
  const stores = resources.use(await openPrivateStores(['mysql', 'postgres', 'neo4j', 'redis'], dir, say));
  const log = new FaultLog();
  const violations: string[] = [];

  const chaos = await runChaos({
    stores,
    crash: broken === undefined,
    random: random.fork('chaos'),
    faults: broken !== undefined ? BROKEN_FAULTS : options.short ? SHORT_FAULTS : FAULTS,
    maxSeconds: broken === undefined ? Infinity : BROKEN_SECONDS,
    broken,
    log,
    resources,
    say,
  });
  say(`chaos has ended: ${log.total} faults in ${chaos.seconds.toFixed(0)} s, ${chaos.written} writes, ${chaos.deaths} workers killed`);

  const set = resources.use(createStoreSet({ urls: storeUrls(stores.env), dataDir: 'memory://' }));
  const { record, projections } = await openProjections(set, { withCache: true });
  const relay = (poison: boolean): Promise<SupervisedWorker> =>
    superviseWorker(
      (life) => ({
        stores: stores.env,
        dataDir: 'memory://',
        seed: `calm/${life}`,
        chaos: false,
        neverHit: [],
        poison,
        write: false,
        ...(broken ? { broken } : {}),
      }),
      { line: () => undefined, failed: (reason) => violations.push(reason) },
    );
  const first = resources.use(await relay(true));
  const quietSeconds = await waitUntilQuiet(record);
  await first.stop();
  const second = resources.use(await relay(false));
  const dead = await retryAll(record);
  const quietAgain = await waitUntilQuiet(record);
  const targets = await checkTargets({ stores: stores.env, dataDir: 'memory://', namespace: undefined });
  const effects = await checkEffects(record);
  const drifted = await readDrift(record);
  say(`quiet after ${quietSeconds?.toFixed(1) ?? '∞'} s; ${dead} dead letters were retried; ${targets.compared} documents compared`);

  const findings: Findings = { chaos, violations, quietSeconds, quietAgain, dead, targets, effects, drifted };
  if (broken !== undefined) return describeRun(findings, { log, seed: options.seed, drift: undefined });

  const tampers = new Map([
    ['template-vectors', tamperVectors(stores.env['POSTGRES_URL'] ?? '', 'templates%')],
    ['template-graph', tamperGraph(stores.env['NEO4J_URL'] ?? '', 'Template')],
    ['template-cache', tamperCache(stores.env['REDIS_URL'] ?? '', '*v:templates:record:*:')],
  ]);
  const planted = await plant(projections, { tampers, perClass: PER_CLASS, random: random.fork('plant') });
  say(`planted ${countPlanted(planted)} differences; looking for them`);
  const found = compareWithPlanted(await runJob(record, 'check'), planted);
  // What one projection is repaired to may mend another that depends on it, before it is looked at.
  await runJob(record, 'repair');
  const left = compareWithPlanted(await runJob(record, 'check'), new Map());
  const after = await checkTargets({ stores: stores.env, dataDir: 'memory://', namespace: undefined });
  await second.stop();
  return describeRun(findings, {
    log,
    seed: options.seed,
    drift: { planted: countPlanted(planted), found, left, divergedAfterRepair: after.divergences },
  });
}
