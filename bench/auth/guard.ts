import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signDevelopmentToken } from '@loomgraph/auth';
import { ROOT } from '../../tools/report/machine.ts';
import type { Figure } from '../../tools/report/outcome.ts';
import { percentile } from '../../tools/report/percentile.ts';
import type { RunningGateway } from '../gateway/gateways/gateway.ts';
import { spawnGateway } from '../gateway/gateways/spawn-gateway.ts';
import { createMonolith } from '../gateway/graph/monolith.ts';
import { composeSupergraph } from '../gateway/graph/supergraph.ts';
import { chooseCores, type Cores } from '../gateway/load/pinning.ts';
import { treeCpuSeconds } from '../gateway/load/process-tree.ts';
import { startSubgraphs } from '../gateway/subgraphs/start.ts';
import { createWorkload, type WorkloadName } from '../gateway/workloads/workloads.ts';
import { runLoad, type LoadRequest } from '../load/load.ts';
import { checkAnswers } from './check-answers.ts';
import { composeGuarded, SCOPES } from './guarded-supergraph.ts';

/** The two gateways that are compared: the same program, once with everything that guards it and once without. */
type Side = 'guarded' | 'bare';

export interface GuardSize {
  readonly rounds: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
}

interface Sample {
  readonly cpuUs: number;
  readonly perSecond: number;
}

/** Known operations, of which the plans are cached: many small ones, and one that is large. */
const WORKLOADS: readonly WorkloadName[] = ['mixed', 'point', 'heavy'];
const CONNECTIONS = 32;
/** Callers with a token each: a token is verified once and then known. */
const CALLERS = 200;
const REQUESTS = 2_000;
const SECRET = 'worth-nothing-outside-of-this-bench-0123456789';

/** What guards a gateway: who asks, what they may read, how much they may ask for and spend. Everything else is the same on both sides. */
const GUARD: Readonly<Record<Side, Readonly<Record<string, string>>>> = {
  // The machine's own addresses are exempt from budgets by default, and would measure nothing.
  guarded: {
    JWT_SECRET: SECRET,
    GATEWAY_IDENTITY_SECRET: SECRET,
    BUDGET_EXEMPT: '192.0.2.1',
    BUDGET_USER: '1000000000000',
    MAX_COST: '1000000',
  },
  bare: {
    COST_MODE: 'off',
    BUDGET_USER: '0',
    BUDGET_CLIENT: '0',
    BUDGET_ADDRESS: '0',
    MAX_TOKENS: '0',
    MAX_OPERATIONS: '0',
    MAX_FRAGMENTS: '0',
    MAX_ALIASES: '0',
    MAX_ROOT_FIELDS: '0',
    MAX_DIRECTIVES: '0',
    MAX_DIRECTIVES_PER_PLACE: '0',
    MAX_LIST_SIZE: '0',
  },
};

/**
 * CPU of a request with the guard and without: identity (a token verified, a signature for each subgraph), rules of access, limits, cost and
 * budget. Both gateways run at once and are loaded in turns; their answers are checked first.
 * @throws Error when one answers wrongly
 */
export async function measureGuard(options: {
  readonly seed: number;
  readonly size: GuardSize;
  readonly folder: string;
  readonly resources: AsyncDisposableStack;
  say(line: string): void;
}): Promise<readonly Figure[]> {
  const { seed, size, folder, resources, say } = options;
  const cores = chooseCores();
  const subgraphs = resources.use(await startSubgraphs(seed, cores));
  const plain = composeSupergraph(subgraphs.urls);
  const supergraphs = { guarded: composeGuarded(subgraphs.urls), bare: plain };
  const tokens = await Promise.all(Array.from({ length: CALLERS }, (_, caller) => signToken(`caller-${caller}`)));
  const gateways: Record<Side, RunningGateway> = {
    guarded: resources.use(await start('guarded', { supergraph: supergraphs.guarded, folder, cores })),
    bare: resources.use(await start('bare', { supergraph: supergraphs.bare, folder, cores })),
  };
  const expected = createMonolith(seed, plain);
  const figures: Figure[] = [];
  for (const name of WORKLOADS) {
    const workload = createWorkload(name, seed);
    for (const side of ['guarded', 'bare'] as const) {
      const problems = await checkAnswers(gateways[side].url, { workload, expected, token: side === 'guarded' ? tokens[0] : undefined });
      if (problems.length > 0) throw new Error(`The ${side} gateway answers ${name} wrongly: ${problems.slice(0, 3).join('; ')}`);
    }
    const samples: Record<Side, Sample[]> = { guarded: [], bare: [] };
    for (let round = 0; round < size.rounds; round++) {
      // The order changes: what the first of the two does to the machine is not always done to the same.
      for (const side of round % 2 === 0 ? (['guarded', 'bare'] as const) : (['bare', 'guarded'] as const)) {
        const requests = requestsOf(name, seed, side === 'guarded' ? tokens : undefined);
        samples[side].push(
          await measure(gateways[side], requests, { ...size, warmupSeconds: round === 0 ? size.warmupSeconds * 2 : size.warmupSeconds }),
        );
      }
      const [guarded, bare] = [samples.guarded.at(-1), samples.bare.at(-1)];
      say(`${name} ${round + 1}/${size.rounds}: ${guarded?.cpuUs.toFixed(0)} µs guarded, ${bare?.cpuUs.toFixed(0)} µs bare`);
    }
    figures.push(...figuresOf(name, samples));
  }
  return figures;
}

function figuresOf(name: WorkloadName, samples: Readonly<Record<Side, readonly Sample[]>>): readonly Figure[] {
  // Each round's two are compared with each other: what else the machine does changes from round to round.
  const rounds = samples.guarded.map(({ cpuUs: guarded }, round) => ({ guarded, bare: samples.bare[round]?.cpuUs ?? Number.NaN }));
  const median = (of: (round: { guarded: number; bare: number }) => number): number => percentile(rounds.map(of), 0.5);
  const suffix = name === 'mixed' ? '' : `.${name}`;
  return [
    {
      name: `guard.share${suffix}`,
      value: median(({ guarded, bare }) => (guarded - bare) / bare),
      meaning: `CPU of identity, rules of access, limits and budget, as a share of the ${name} query's without them`,
    },
    { name: `guard.cpuUs${suffix}`, value: median(({ guarded, bare }) => guarded - bare), meaning: `the same in µs per request` },
    { name: `query.cpuUs${suffix}`, value: median(({ bare }) => bare), meaning: `CPU of a ${name} query without the guard, plan cached` },
  ];
}

async function start(
  side: Side,
  { supergraph, folder, cores }: { readonly supergraph: string; readonly folder: string; readonly cores: Cores },
): Promise<RunningGateway> {
  const file = join(folder, `${side}.graphql`);
  await writeFile(file, supergraph);
  return spawnGateway(
    {
      title: `the ${side} gateway`,
      args: (port) => [join(ROOT, 'gateway/dist/main.js'), '--supergraph', file, '--port', String(port)],
      cwd: folder,
      env: { LOG_LEVEL: 'error', COALESCING: 'false', FETCH_SHARING: 'false', ...GUARD[side] },
    },
    { cores },
  );
}

async function measure(gateway: RunningGateway, requests: readonly LoadRequest[], { warmupSeconds, seconds }: GuardSize): Promise<Sample> {
  const load = { kind: 'closed', url: gateway.url, requests, connections: CONNECTIONS } as const;
  await runLoad({ ...load, seconds: warmupSeconds });
  const before = treeCpuSeconds(gateway.pid);
  const { latenciesMs, perSecond, wrong, failed, example } = await runLoad({ ...load, seconds });
  const cpuUs = ((treeCpuSeconds(gateway.pid) - before) * 1_000_000) / latenciesMs.length;
  if (wrong + failed > 0) throw new Error(`${wrong} wrong answers and ${failed} without one under load: ${example}`);
  return { cpuUs, perSecond };
}

function requestsOf(name: WorkloadName, seed: number, tokens: readonly string[] | undefined): readonly LoadRequest[] {
  const { operation } = createWorkload(name, seed);
  return Array.from({ length: REQUESTS }, (_, index) => {
    const token = tokens?.[index % tokens.length];
    return { body: JSON.stringify(operation(index)), ...(token === undefined ? {} : { token }) };
  });
}

const signToken = (userId: string): Promise<string> =>
  signDevelopmentToken({ secret: SECRET, userId, roles: ['user'], scopes: SCOPES, ttlSeconds: 86_400 });
