import { explainLimit, watchCpu } from '../../tools/harness/process-usage.ts';
import type { Random } from '../../tools/harness/random.ts';
import type { Figure } from '../../tools/report/outcome.ts';
import { percentile } from '../../tools/report/percentile.ts';
import { runLoad, type LoadRequest, type LoadResult } from '../load/load.ts';
import { generateQueries } from './generator.ts';
import type { KnownTemplate } from './populate.ts';

const CONNECTIONS = 16;
const QUERIES = 500;
const REQUESTS = 2_000;
const WARM_UP_SECONDS = 3;

export const MIXED_PER_SECOND = 1_000;
export const MIXED_TARGET_P95_MS = 200;
/** Shares of the mixed load, in tenths. */
const MIX = { list: 4, get: 4, vectorSearch: 2 };

type ScenarioName = keyof typeof MIX;

const LIST = `query BenchList { templates(first: 20, orderBy: { field: USAGE, direction: DESC }) { nodes { id name usage rating category { id name } } pageInfo { hasNextPage endCursor } } }`;
const GET = `query BenchGet($id: ID!) { template(id: $id) { id name description usage rating ratingCount ratings(first: 3) { rating } category { id name } } }`;
const SEARCH = `query BenchSearch($query: String!) { searchTemplates(query: $query, mode: VECTOR, first: 10) { hits { score template { id name } } } }`;

export interface Measured {
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
  readonly failures: readonly string[];
}

export type ScenarioRequests = Readonly<Record<ScenarioName, readonly LoadRequest[]>>;

export function createRequests({
  known,
  random,
  seed,
}: {
  known: readonly KnownTemplate[];
  random: Random;
  seed: number;
}): ScenarioRequests {
  const request = (query: string, variables?: object): LoadRequest => ({ body: JSON.stringify({ query, variables }) });
  return {
    list: [request(LIST)],
    get: Array.from({ length: REQUESTS }, () => request(GET, { id: random.pick(known).id })),
    vectorSearch: generateQueries(QUERIES, seed).map((query) => request(SEARCH, { query })),
  };
}

/** Each kind of read alone, as fast as the gateway answers 16 connections. */
export async function measureAlone(options: {
  url: string;
  pid: number;
  requests: ScenarioRequests;
  seconds: number;
  suffix: string;
}): Promise<Measured> {
  const { url, pid, requests, seconds, suffix } = options;
  const meanings: Record<ScenarioName, string> = {
    list: 'page of 20 by usage with categories',
    get: 'one template with its category and 3 ratings',
    vectorSearch: `10 nearest of ${QUERIES} different queries`,
  };
  const figures: Figure[] = [];
  const notes: string[] = [];
  const failures: string[] = [];
  for (const name of Object.keys(meanings) as ScenarioName[]) {
    const load = { kind: 'closed', url, requests: requests[name], connections: CONNECTIONS } as const;
    await runLoad({ ...load, seconds: Math.min(WARM_UP_SECONDS, seconds) });
    const cpu = watchCpu(pid);
    const result = await runLoad({ ...load, seconds });
    failures.push(...wrongAnswers(`${name}.${suffix}`, result));
    notes.push(`${name}.${suffix} at its highest rate: ${explainLimit(cpu())}`);
    figures.push(
      {
        name: `${name}.rps.${suffix}`,
        value: result.perSecond,
        meaning: `${meanings[name]}: answers per second, ${CONNECTIONS} connections`,
      },
      {
        name: `${name}.p95Ms.${suffix}`,
        value: percentile(result.latenciesMs, 0.95),
        meaning: `${meanings[name]}: 95 of 100 answers within, ms, at that rate`,
      },
    );
  }
  return { figures, notes, failures };
}

/** All kinds of reads at once, at a fixed rate. */
export async function measureMixed(options: {
  url: string;
  pid: number;
  requests: ScenarioRequests;
  seconds: number;
  strict: boolean;
  random: Random;
}): Promise<Measured> {
  const { url, pid, seconds, strict } = options;
  const load = {
    kind: 'open',
    url,
    requests: mix(options.requests, options.random),
    perSecond: MIXED_PER_SECOND,
    maxInFlight: 256,
  } as const;
  await runLoad({ ...load, perSecond: MIXED_PER_SECOND / 4, seconds: Math.min(WARM_UP_SECONDS, seconds) });
  const cpu = watchCpu(pid);
  const result = await runLoad({ ...load, seconds });
  const p95 = percentile(result.latenciesMs, 0.95);
  const limit = explainLimit(cpu());
  const met = p95 < MIXED_TARGET_P95_MS && result.failed === 0;
  const target = `target p95 < ${MIXED_TARGET_P95_MS} ms at ${MIXED_PER_SECOND.toLocaleString('en')} requests/s`;
  const missed = `${target} missed: p95 ${p95.toFixed(0)} ms at ${result.perSecond.toFixed(0)} answers/s; ${limit}`;
  return {
    figures: [
      {
        name: 'mixed1000.p95Ms.real',
        value: p95,
        meaning: `40 % lists, 40 % gets, 20 % vector searches sent at ${MIXED_PER_SECOND}/s: 95 of 100 within, ms from when due`,
      },
      { name: 'mixed1000.p50Ms.real', value: percentile(result.latenciesMs, 0.5), meaning: 'the same: half within' },
      { name: 'mixed1000.achievedRps.real', value: result.perSecond, meaning: 'the same: answers per second' },
    ],
    notes: [met ? `${target} met; ${limit}` : missed],
    failures: [...wrongAnswers('mixed1000.real', { ...result, failed: strict ? 0 : result.failed }), ...(strict && !met ? [missed] : [])],
  };
}

/** Requests of all kinds in their shares, in a random order. */
function mix(requests: ScenarioRequests, random: Random): LoadRequest[] {
  const kinds = Object.entries(MIX).flatMap(([name, tenths]) => Array.from({ length: tenths }, () => name as ScenarioName));
  return Array.from({ length: REQUESTS }, () => random.pick(requests[random.pick(kinds)]));
}

export function wrongAnswers(name: string, { wrong, failed, example }: LoadResult): string[] {
  if (wrong + failed === 0) return [];
  return [`${name}: ${wrong} answers were wrong and ${failed} requests had none; the first: ${example ?? 'unknown'}`];
}
