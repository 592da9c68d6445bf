import { storesEnv } from '../../tools/harness/store-env.ts';
import { readStoreVersions } from '../../tools/harness/store-versions.ts';
import { createNamespace, dropNamespace } from '../../tools/namespace/index.ts';
import type { RunContext } from '../../tools/report/command.ts';
import type { RunOptions } from '../../tools/report/options.ts';
import type { Figure, Outcome } from '../../tools/report/outcome.ts';
import { measureAudit } from './audit/measure.ts';
import { checkTargets, ratioFigures } from './figures.ts';
import { measureBusThroughput } from './measures/bus-throughput.ts';
import { LAG_SHAPES, measureLag } from './measures/lag.ts';
import type { Part, Run } from './measures/part.ts';
import { measureReadYourWrites } from './measures/read-your-writes.ts';
import { measureThroughput } from './measures/throughput.ts';
import { measureWriterCost } from './measures/writer-cost.ts';
import { peerVersions } from './peers/install.ts';
import { measureQueue } from './peers/queue.ts';
import { measurePollingWorker } from './peers/vectors.ts';
import { FULL, SHORT } from './sizes.ts';

/** The sync engine on real stores: lag, throughput by target beside others', what capture costs, audits, reading one's own writes. */
export async function runSyncBench(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const stores = storesEnv('real');
  const namespace = createNamespace('bench');
  resources.defer(async () => void (await dropNamespace(stores, namespace)));
  const size = options.short ? SHORT : FULL;
  const run: Run = { settings: { stores, namespace }, size, seed: options.seed, say };
  const parts: Part[] = [];
  for (const measure of measures(options)) parts.push(await measure(run));

  const measured = parts.flatMap(({ figures }) => figures);
  const figures: readonly Figure[] = [...measured, ...ratioFigures(measured)];
  const { missed, unknown } = checkTargets(figures);
  const failsOnMissed = !options.short || options.strict;
  return {
    figures,
    notes: [...NOTES, ...parts.flatMap(({ notes }) => notes), ...unknown, ...(failsOnMissed ? [] : missed)],
    failures: [...parts.flatMap(({ failures }) => failures), ...(failsOnMissed ? missed : [])],
    versions: { ...(await readStoreVersions(stores)), ...(options.short ? {} : peerVersions()) },
  };
}

/** Those that are compared stand beside each other: what the machine does meanwhile changes with time. */
function measures({ short }: RunOptions): readonly ((run: Run) => Promise<Part>)[] {
  return [
    (run) => measureThroughput('vectors', run),
    measurePollingWorker,
    (run) => measureThroughput('table', run),
    ...(short ? [] : [measureQueue]),
    (run) => measureThroughput('graph', run),
    (run) => measureThroughput('cache', run),
    measureBusThroughput,
    measureWriterCost,
    ...(short ? LAG_SHAPES.slice(0, 1) : LAG_SHAPES).map((shape) => (run: Run) => measureLag(shape, run)),
    measureReadYourWrites,
    measureAudit,
  ];
}

const NOTES: readonly string[] = [
  'Writer, relay and all stores share the cores of this machine; each note says who used them. "others" is everything else that ran.',
  'The relay has its default policy (batches of 64, two at once; it polls every 200 ms, as it does where the writer is another process). Embeddings: lexical, 256 dimensions, computed in the relay.',
  'The polling worker does not do what throughput.vectors includes: reading another database, full-text words, filters, checksums, fences, and a record of what failed. It polls without its pause.',
  'Graphile Worker does not do what throughput.table includes: dispatching changes of an outbox to projections, collapsing them, fencing by revision, completing by record. Its queue is in PostgreSQL, ours in MySQL, where the records are.',
];
