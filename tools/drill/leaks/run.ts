import type { RunContext } from '../../report/command.ts';
import type { RunOptions } from '../../report/options.ts';
import type { Figure, Outcome } from '../../report/outcome.ts';
import { describeLeaks, findGrowth, type Growth } from './find-growth.ts';
import { OPERATION_CACHE_BYTES, watchGrowth, type Watched } from './watch-growth.ts';

const FULL = { warmUpRounds: 4, rounds: 50, requestsPerRound: 4_000 };
const SHORT = { warmUpRounds: 2, rounds: 6, requestsPerRound: 1_700 };

/** Loads and reloads a gateway for long, and fails when what it holds keeps growing. */
export async function runLeaksDrill({ short, seed }: RunOptions, context: RunContext): Promise<Outcome> {
  const watched = await watchGrowth({ ...(short ? SHORT : FULL), seed, plantedLeak: 'none' }, context);
  return judge(watched, seed);
}

export function judge(watched: Watched, seed: number): Outcome {
  const { samples, load, largestCacheBytes } = watched;
  const growths = findGrowth(samples);
  const unexpected = [...load.unexpected].map(([name, { count, example }]) => `${count} unexpected answers to "${name}", as ${example}`);
  const cache =
    largestCacheBytes <= OPERATION_CACHE_BYTES
      ? []
      : [`the operation cache held ${largestCacheBytes} bytes, of ${OPERATION_CACHE_BYTES} it may`];
  return {
    figures: [...loadFigures(watched, seed), ...growths.flatMap(growthFigures)],
    notes: [
      'a sample is taken after each round of requests with a reload among them, when nothing is under way; growth is the median slope of all pairs of samples, over the whole run',
      `allowed: ${growths.map(({ limit, allowed }) => `${limit.of} ${allowed.toFixed(1)}`).join(', ')}`,
    ],
    failures: [...describeLeaks(growths), ...cache, ...unexpected],
  };
}

function loadFigures({ load, reloads, seconds, largestCacheBytes }: Watched, seed: number): readonly Figure[] {
  return [
    { name: 'requests', value: load.requests, meaning: `mixed requests, good and bad, the warm-up's included (seed ${seed})` },
    { name: 'reloads', value: reloads, meaning: 'supergraph versions taken up while the process lived' },
    { name: 'cancelled', value: load.cancelled, meaning: 'of the requests: the client went away before the answer' },
    { name: 'perSecond', value: load.requests / seconds, meaning: 'requests per second, reloads and samples included' },
    {
      name: 'operationCacheMb',
      value: largestCacheBytes / 2 ** 20,
      meaning: `the most the operation cache held, of ${OPERATION_CACHE_BYTES / 2 ** 20} MB`,
    },
  ];
}

/** Names of figures outlive the code. */
const figureNames: Readonly<Record<Growth['limit']['of'], { readonly of: string; readonly growth: string }>> = {
  heapMb: { of: 'heapMb', growth: 'heap.growthMb' },
  externalMb: { of: 'externalMb', growth: 'external.growthMb' },
  rssMb: { of: 'rssMb', growth: 'rss.growthMb' },
  handles: { of: 'openHandles', growth: 'openHandles.growth' },
  openFiles: { of: 'openFiles', growth: 'openFiles.growth' },
  childProcesses: { of: 'plannerProcesses', growth: 'plannerProcesses.growth' },
};

function growthFigures({ limit, first, last, growth }: Growth): readonly Figure[] {
  const names = figureNames[limit.of];
  return [
    { name: `${names.of}.first`, value: first, meaning: `${limit.meaning}: median of the first third of the samples` },
    { name: `${names.of}.last`, value: last, meaning: 'the same of the last third' },
    { name: names.growth, value: growth, meaning: `trend over the run, of ${limit.atMost} or ${limit.atMostShare * 100} % that are noise` },
  ];
}
