import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLexicalEmbedder } from '@loomgraph/ai';
import { createStoreSet } from '@loomgraph/stores';
import { createTemplatesSubgraph } from '@loomgraph/subgraph-templates';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createRandom } from '../../harness/random.ts';
import type { RunContext } from '../../report/command.ts';
import type { RunOptions } from '../../report/options.ts';
import type { Outcome } from '../../report/outcome.ts';
import { compareTargets } from '../smoke/check-targets.ts';
import { openProjections } from '../smoke/projections.ts';
import { checkEffects } from './check/effects.ts';
import { plant } from './check/plant.ts';
import { tamperEmbeddedGraph, tamperEmbeddedVectors } from './check/tamper-embedded.ts';
import { FaultLog } from './faults/fault-log.ts';
import { neverHit } from './faults/steps.ts';
import { compareWithPlanted, countPlanted, runJob } from './repair.ts';
import { describeRun } from './report.ts';
import { readDrift, retryAll, waitUntilQuiet } from './settle.ts';
import { superviseWorker } from './worker/supervisor.ts';

const FAULTS = 400;
const SHORT_FAULTS = 60;
const PER_CLASS = 12;
const DIMENSIONS = 1_536;

/** The drill on the embedded stores: one process has them, writes and relays, and is killed at every step. */
export async function runOnEmbeddedStores(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const random = createRandom(`${options.seed}/embedded`);
  const dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-sync-'));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const log = new FaultLog();
  const violations: string[] = [];
  const startedAt = performance.now();
  let written = 0;
  let writtenBefore = 0;
  const worker = resources.use(
    await superviseWorker(
      (life) => ({ stores: {}, dataDir, seed: `${options.seed}/${life}`, chaos: true, neverHit: neverHit(log), poison: true, write: true }),
      {
        line(line) {
          if (line.kind === 'fault') log.add(line.fault);
          if (line.kind === 'violation') violations.push(line.what);
          // Each life counts its own.
          if (line.kind === 'written') {
            if (line.records < written - writtenBefore) writtenBefore = written;
            written = writtenBefore + line.records;
          }
        },
        failed: (reason) => violations.push(reason),
      },
    ),
  );
  const faults = options.short ? SHORT_FAULTS : FAULTS;
  let reportedAt = performance.now();
  while (log.total < faults) {
    await sleep(100);
    if (performance.now() - reportedAt < 10_000) continue;
    reportedAt = performance.now();
    say(`${log.total} faults, ${written} writes, ${worker.deaths} processes killed`);
  }
  await worker[Symbol.asyncDispose]();
  const seconds = (performance.now() - startedAt) / 1_000;
  say(`chaos has ended: ${log.total} faults in ${seconds.toFixed(0)} s, ${written} writes, ${worker.deaths} processes killed`);

  const stores = resources.use(createStoreSet({ urls: {}, dataDir }));
  const embedder = createLexicalEmbedder({ dimensions: DIMENSIONS });
  const subgraph = resources.use(
    await createTemplatesSubgraph({ stores, embedder, logger: silentLogger, metrics: createMetrics(), audit: 'off' }),
  );
  await subgraph.start();
  const { record, projections } = await openProjections(stores, { withCache: false });
  const quietSeconds = await waitUntilQuiet(record);
  const dead = await retryAll(record);
  const quietAgain = await waitUntilQuiet(record);
  const targets = await compareTargets(record, projections);
  const effects = await checkEffects(record);
  say(`quiet after ${quietSeconds?.toFixed(1) ?? '∞'} s; ${targets.compared} documents compared`);

  const tampers = new Map([
    ['template-vectors', tamperEmbeddedVectors(record, 'templates%')],
    ['template-graph', tamperEmbeddedGraph(record, 'Template')],
  ]);
  const planted = await plant(projections, { tampers, perClass: PER_CLASS, random: random.fork('plant') });
  say(`planted ${countPlanted(planted)} differences; looking for them`);
  const found = compareWithPlanted(await runJob(record, 'check'), planted);
  // What one projection is repaired to may mend another that depends on it, before it is looked at.
  await runJob(record, 'repair');
  const left = compareWithPlanted(await runJob(record, 'check'), new Map());
  const after = await compareTargets(record, projections);
  return describeRun(
    {
      drifted: await readDrift(record),
      chaos: { written, deaths: worker.deaths, regressions: [], violations, drifts: [], looks: 0, seconds },
      violations: [],
      quietSeconds,
      quietAgain,
      dead,
      targets,
      effects,
    },
    {
      log,
      seed: options.seed,
      drift: { planted: countPlanted(planted), found, left, divergedAfterRepair: after.divergences },
    },
  );
}
