import { createRandom } from '../../harness/random.ts';
import type { RunContext } from '../../report/command.ts';
import { generateOperation } from '../oracle/generate/generate-operation.ts';
import { createMonolith } from '../oracle/runs/monolith.ts';
import { exclusiveMutations, leafValue } from '../oracle/supergraph/leaf-values.ts';
import { startMeasuredGateway } from './gateway-process.ts';
import type { PlantedLeak } from './messages.ts';
import { createRequestMix } from './requests.ts';
import { createLoad, type LoadResult } from './run-load.ts';
import type { Sample } from './sample.ts';
import { startWeather } from './weather-subgraph.ts';

export interface WatchOptions {
  readonly seed: number;
  /** Rounds before the first sample: code is compiled, pools and caches fill. */
  readonly warmUpRounds: number;
  /** Each is a reload while requests are under way, and a sample after them. */
  readonly rounds: number;
  readonly requestsPerRound: number;
  readonly plantedLeak: PlantedLeak;
}

export interface Watched {
  readonly samples: readonly Sample[];
  readonly load: LoadResult;
  readonly reloads: number;
  readonly seconds: number;
  /** The most the gateway said its operation cache held. */
  readonly largestCacheBytes: number;
}

/** Small, so that it is full from the warm-up on and every new operation drives out another. */
export const OPERATION_CACHE_BYTES = 4 * 2 ** 20;

/** Loads a gateway with all kinds of requests, reloads it again and again, and looks at what it holds in between. */
export async function watchGrowth(options: WatchOptions, { resources, say }: RunContext): Promise<Watched> {
  const { seed, warmUpRounds, rounds, requestsPerRound, plantedLeak } = options;
  const { schema } = createMonolith();
  const weather = resources.use(await startWeather());
  const gateway = resources.use(
    await startMeasuredGateway({ weatherUrl: weather.url, operationCacheBytes: OPERATION_CACHE_BYTES, plantedLeak }),
  );
  const operationOf = (index: number) => {
    const { query, operationName, variables } = generateOperation({ schema, seed, index, leafValue, exclusiveMutations });
    return { query, operationName, variables };
  };
  const load = resources.use(createLoad(gateway.url, createRequestMix(createRandom(seed), operationOf)));

  const samples: Sample[] = [];
  let largestCacheBytes = 0;
  const startedAt = performance.now();
  for (let round = 1 - warmUpRounds; round <= rounds; round++) {
    // The other version while requests are under way. Both subgraphs change in turn, each between its two versions.
    const version = Math.floor((round + warmUpRounds + 1) / 2);
    const what = (round + warmUpRounds) % 2 === 0 ? 'remote' : 'local';
    if (what === 'remote') weather.useVersion(version);
    await Promise.all([load.run(requestsPerRound), gateway.reload(what, version)]);
    const { sample, operationCacheBytes } = await gateway.sample();
    largestCacheBytes = Math.max(largestCacheBytes, operationCacheBytes);
    say(`${round < 1 ? 'warm-up' : `round ${round} of ${rounds}`}: ${describe(sample)}`);
    if (round >= 1) samples.push(sample);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  return { samples, load: load.result(), reloads: rounds + warmUpRounds, seconds, largestCacheBytes };
}

function describe({ heapMb, externalMb, rssMb, handles, openFiles, childProcesses }: Sample): string {
  return `heap ${heapMb.toFixed(1)} MB, outside ${externalMb.toFixed(1)} MB, resident ${rssMb.toFixed(0)} MB, ${handles} handles, ${openFiles} files, ${childProcesses} processes`;
}
