import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuSeconds } from '../../tools/harness/process-usage.ts';
import { chooseNamed } from '../../tools/report/choose-named.ts';
import type { RunContext } from '../../tools/report/command.ts';
import type { RunOptions } from '../../tools/report/options.ts';
import type { Figure, Outcome } from '../../tools/report/outcome.ts';
import { checkTargets, scenarioFigures } from './figures.ts';
import { TITLES } from './gateways/gateways.ts';
import { createMonolith } from './graph/monolith.ts';
import { composeSupergraph } from './graph/supergraph.ts';
import { chooseCores, type Cores } from './load/pinning.ts';
import { BUSY_CORES, measureScenario, type Measured, type Run } from './measure.ts';
import { installPeers, peerVersions } from './peers/install.ts';
import { CONNECTIONS, FULL, SCENARIOS, SHORT } from './scenarios.ts';
import { measureMemory } from './memory.ts';
import { startSubgraphs } from './subgraphs/start.ts';

/** What `--only` calls the figures that are no scenario's. */
const MEMORY = { name: 'memory' };

/** Our gateway beside others over the same subgraphs: CPU per request, requests per second, latency, memory. */
export async function runGatewayBench(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const size = options.short ? SHORT : FULL;
  const chosen = new Set(chooseNamed([...SCENARIOS, MEMORY], options.onlyCases, 'scenario'));
  if (size.gateways.includes('hiveGateway')) await installPeers(say);
  const cores = chooseCores();
  const folder = await mkdtemp(join(tmpdir(), 'loomgraph-bench-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const subgraphs = resources.use(await startSubgraphs(options.seed, cores));
  const supergraph = composeSupergraph(subgraphs.urls);
  const supergraphFile = join(folder, 'supergraph.graphql');
  await writeFile(supergraphFile, supergraph);

  const run: Run = { supergraphFile, folder, cores, seed: options.seed, size, expected: createMonolith(options.seed, supergraph), say };
  const measured: Measured[] = [];
  for (const scenario of SCENARIOS) {
    if (!chosen.has(scenario)) continue;
    if (scenario.gateways.includes('ours') || !options.short) measured.push(await measureScenario(scenario, run));
  }
  const memory = chosen.has(MEMORY) ? await measureMemory(measured, run) : { figures: [], failures: [] };
  const figures: readonly Figure[] = [...scenarioFigures(measured), ...memory.figures, ...startFigures(measured)];
  const { missed, unknown } = checkTargets(figures);
  const failsOnMissed = !options.short || options.strict;
  return {
    figures,
    notes: [
      ...measured.map(({ scenario }) => `${scenario.name}: ${scenario.meaning}`),
      describeCores(cores),
      ...notes(options),
      ...describeOthers(measured),
      ...unknown,
      ...(failsOnMissed ? [] : missed),
    ],
    failures: [...measured.flatMap(({ failures }) => failures), ...memory.failures, ...(failsOnMissed ? missed : [])],
    versions: peerVersions(),
  };
}

function startFigures(measured: readonly Measured[]): readonly Figure[] {
  return [...(measured[0]?.startSeconds ?? [])].map(([name, value]) => ({
    name: `startSeconds.${name}`,
    value,
    meaning: `${TITLES[name]}: from the start of its process to its first answer`,
  }));
}

function describeCores({ gateway, others }: Cores): string {
  return gateway === undefined
    ? 'Nothing was bound to a core (no taskset, or one core only): gateway, subgraphs and load took from each other.'
    : `Each gateway ran on core ${gateway} alone, subgraphs and load on ${others}.`;
}

function describeOthers(measured: readonly Measured[]): readonly string[] {
  const cores = measured.flatMap(({ rounds }) => [...rounds.values()].flat().map(({ otherCores }) => otherCores));
  const busy = cores.filter((one) => one > BUSY_CORES);
  if (busy.length === 0) return [];
  const most = Math.max(...busy).toFixed(1);
  return [
    `In ${busy.length} of ${cores.length} measurements other processes kept up to ${most} cores busy: rates and latencies suffer from it.`,
  ];
}

function notes({ short }: RunOptions): readonly string[] {
  return [
    `${CONNECTIONS} connections that ask again when they are answered; p99 is latency under saturation.`,
    'Gateways are set up as their documentation does for speed, with NODE_ENV=production and without logs; where a scenario does not say so, requests share nothing.',
    'Sharing: heavyFetchesShared shares identical fetches under way (default of Hive Gateway and ours), coalesced operations, too (default of ours);',
    '@apollo/gateway has neither. heavy.ratio takes the cheaper of the two ways of a peer, heavy or heavyFetchesShared, and ours in the same way.',
    ...(Number.isNaN(cpuSeconds(process.pid)) ? ['There is no /proc here: CPU and memory were not measured.'] : []),
    ...(short ? ['One short round against one other gateway: for trying out and for CI.'] : []),
  ];
}
