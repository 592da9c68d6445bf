import { percentile } from '../../../tools/report/percentile.ts';
import type { RelayApi } from '../processes/relay-member.ts';
import { startMember } from '../processes/start.ts';
import type { WriterApi } from '../processes/writer-member.ts';
import { openDatabase, openStores } from '../workload/open-database.ts';
import { openProjection } from '../workload/projections.ts';
import { generateRows } from '../workload/rows.ts';
import type { TargetName } from '../workload/settings.ts';
import { writeRows } from '../workload/write-rows.ts';
import { checkTarget } from './check-target.ts';
import { watchCpuSplit } from './cpu-split.ts';
import { lagsOf, type Lags } from './lags-of.ts';
import type { Part, Run } from './part.ts';

const TARGETS: readonly TargetName[] = ['vectors', 'graph', 'cache'];
const TIMEOUT_MS = 900_000;
const MAX_IN_FLIGHT = 32;

interface Shape {
  /** First part of the figures' names. */
  readonly figure: string;
  /** Changes per second that are offered. */
  readonly perSecond: number;
  /** Records that one transaction changes. */
  readonly perTransaction: number;
}

/** From the moment before a change's commit to the moment it is in the target, while changes go on at a fixed rate. */
export async function measureLag(shape: Shape, { settings, size, seed, say }: Run): Promise<Part> {
  const { figure, perSecond, perTransaction } = shape;
  const { records, seconds, warmUpSeconds } = size.lag;
  const name = figure.replaceAll(/\W/g, '_').toLowerCase();
  await using stores = openStores(settings);
  const store = await openDatabase(stores, { name });
  await using relay = startMember<RelayApi>(new URL('../processes/relay-member.ts', import.meta.url));
  await using writer = startMember<WriterApi>(new URL('../processes/writer-member.ts', import.meta.url));
  await relay.ask('open', { settings, name, targets: TARGETS });
  await writer.ask('open', { settings, name });

  const rows = generateRows(records, seed);
  const ids = rows.map(({ id }) => id);
  await writeRows(store, rows);
  await relay.ask('drain', { expected: records, of: 'documents', timeoutMs: TIMEOUT_MS });
  const check = async (): Promise<readonly string[]> => {
    const problems: string[] = [];
    for (const target of TARGETS)
      problems.push(...(await checkTarget(store, await openProjection(stores, target, { settings, name, vectorIndex: 'hnsw' }), ids)));
    return problems;
  };
  const early = await check();
  if (early.length > 0) return { figures: [], notes: [], failures: early };

  await relay.ask('start', undefined);
  const load = { perSecond, perTransaction, records, maxInFlight: MAX_IN_FLIGHT };
  await writer.ask('write', { ...load, seconds: warmUpSeconds });
  await relay.ask('quiet', { timeoutMs: TIMEOUT_MS });
  await relay.ask('arrivals', undefined);
  const cpu = watchCpuSplit({ relay: relay.pid, writer: writer.pid });
  const written = await writer.ask('write', { ...load, seconds });
  const split = cpu();
  const stoppedAt = performance.now();
  const quiet = await relay.ask('quiet', { timeoutMs: TIMEOUT_MS });
  const quietSeconds = (performance.now() - stoppedAt) / 1_000;
  const arrivals = await relay.ask('arrivals', undefined);
  await relay.ask('stop', undefined);

  const lags = new Map(TARGETS.map((target) => [target, lagsOf(written.changes, arrivals, target)]));
  const lost = [...lags]
    .filter(([, { unseen }]) => unseen > 0)
    .map(([target, { unseen }]) => `${figure}: ${unseen} changes never reached ${target}`);
  const slowest = TARGETS.toSorted((one, other) => p(lags, other, 0.99) - p(lags, one, 0.99))[0] ?? 'vectors';
  const committed = written.changes.length / 3;
  const sustained = committed / written.seconds;
  const shown = TARGETS.map((target) => `${target} ${p(lags, target, 0.5).toFixed(0)}/${p(lags, target, 0.99).toFixed(0)}`).join(', ');
  say(`${figure}: ${Math.round(sustained)} changes/s committed, p50/p99 ms: ${shown}; quiet after ${quietSeconds.toFixed(1)} s (${split})`);
  const meaning = `from before a change's commit until it is in the slowest target (${slowest}), ms; ${perTransaction === 1 ? 'one change' : `${perTransaction} changes`} to a transaction`;
  return {
    figures: [
      { name: `${figure}.p50Ms`, value: p(lags, slowest, 0.5), meaning: `half of the changes: ${meaning}` },
      { name: `${figure}.p99Ms`, value: p(lags, slowest, 0.99), meaning: `99 of 100 changes: ${meaning}` },
      { name: `${figure}.changesPerS`, value: sustained, meaning: `changes/s that were committed, of ${perSecond} offered` },
      { name: `${figure}.quietSeconds`, value: quietSeconds, meaning: 'from the last commit until nothing was owed: what had piled up' },
      {
        name: `${figure}.writeP95Ms`,
        value: percentile(written.latenciesMs, 0.95),
        meaning: 'the transactions themselves: 95 of 100 answered within, ms from when due',
      },
    ],
    notes: [`${figure}, p50/p99 ms by target: ${shown}`, `${figure} while writing: ${split}`],
    failures: [...(quiet ? [] : [`${figure}: something was still owed after ${TIMEOUT_MS / 1_000} s`]), ...lost, ...(await check())],
  };
}

const p = (lags: ReadonlyMap<TargetName, Lags>, target: TargetName, share: number): number =>
  percentile(lags.get(target)?.sorted ?? [], share);

export const LAG_SHAPES: readonly Shape[] = [
  // Ten to a transaction: else the writer is what this measures, and it cannot offer as many on two cores.
  { figure: 'lag', perSecond: 1_000, perTransaction: 10 },
  { figure: 'lag.single', perSecond: 1_000, perTransaction: 1 },
  { figure: 'lag.calm', perSecond: 100, perTransaction: 1 },
];
