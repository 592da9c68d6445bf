import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStoreSet } from '@loomgraph/stores';
import { createRandom } from '../../harness/random.ts';
import type { RunContext } from '../../report/command.ts';
import type { RunOptions, StoresKind } from '../../report/options.ts';
import type { Outcome } from '../../report/outcome.ts';
import { FaultLog } from '../sync/faults/fault-log.ts';
import { openPrivateStores } from '../sync/stores/private-stores.ts';
import { runChaos } from './chaos.ts';
import { findPlanted } from './check/find-planted.ts';
import { findViolations } from './check/find-violations.ts';
import { plantings } from './check/plantings.ts';
import { readRecord } from './check/record-state.ts';
import { stepsOf } from './faults/steps.ts';
import { Journal } from './journal.ts';
import { OBJECTS_SECRET, storeUrlsOf } from './open-subgraph.ts';
import { describeRun } from './report.ts';
import { openRecord, settle, sweepLater } from './settle.ts';

/** One process at a time has embedded stores open; real ones are shared. */
const WORKERS: Record<StoresKind, number> = { embedded: 1, real: 3 };
/** Processes that are killed, unless the time is up before: on a busy machine each takes long to start again. */
const SIZES = {
  short: { kills: { embedded: 4, real: 5 }, longestMs: 20_000 },
  full: { kills: { embedded: 30, real: 90 }, longestMs: 360_000 },
} as const;

/** Kills workers of the resumes subgraph while users upload, ask and delete, then asks the stores whether everything they were told is so. */
export async function runResumesDrill(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const kind = options.stores[0] ?? 'embedded';
  const random = createRandom(`${options.seed}/${kind}`);
  const dir = await mkdtemp(join(tmpdir(), 'loomgraph-resumes-'));
  resources.defer(() => rm(dir, { recursive: true, force: true }));
  const env = kind === 'real' ? resources.use(await openPrivateStores(['mysql', 'redis', 's3'], dir, say)).env : {};
  const dataDir = join(dir, 'data');
  const size = SIZES[options.short ? 'short' : 'full'];
  const { longestMs } = size;
  const kills = size.kills[kind];
  const log = new FaultLog();
  const journal = new Journal();
  const failures: string[] = [];
  const steps = stepsOf(kind);
  const told = { log, journal, failures, random, resources, say };

  const chaosSeconds = await runChaos({
    workers: WORKERS[kind],
    config: { stores: env, dataDir },
    kills,
    longestMs,
    isShort: options.short,
    steps,
    ...told,
  });
  say(`${log.total} processes were killed in ${chaosSeconds.toFixed(0)} s; doing what is left`);

  const stores = resources.use(
    createStoreSet({ urls: storeUrlsOf(env), dataDir, objects: { publicUrl: 'http://127.0.0.1/objects', secret: OBJECTS_SECRET } }),
  );
  const quietSeconds = await settle(stores, journal);
  await sweepLater(stores);
  const store = await openRecord(stores);
  const objects = await stores.objects();
  const state = await readRecord(store, objects);
  const violations = findViolations(journal, state);
  say(`quiet after ${quietSeconds?.toFixed(1) ?? '∞'} s; ${state.versions.length} versions and ${state.objects.length} objects read`);

  const planted = plantings({ store, objects, journal, state });
  const missed = await findPlanted(planted, violations, async () => findViolations(journal, await readRecord(store, objects)));
  return describeRun({
    seed: options.seed,
    kind,
    log,
    steps,
    journal,
    state,
    violations,
    failures,
    quietSeconds,
    chaosSeconds,
    planted,
    missed,
    isLong: !options.short && log.total >= kills,
  });
}
