import { Agent } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../../../tools/harness/gateway-process.ts';
import { createGraphqlClient, post } from '../../../tools/harness/graphql.ts';
import { waitForQuiet } from '../../../tools/harness/sync-status.ts';
import { percentile } from '../../../tools/report/percentile.ts';
import { generateTemplates } from '../../templates/generator.ts';
import { populate, tokenFor } from '../../templates/populate.ts';
import { watchCpuSplit } from './cpu-split.ts';
import type { Part, Run } from './part.ts';
import { wordOf } from './unique-word.ts';

const TEMPLATES = 96;
/** Pairs that are under way at once, each on templates of its own. */
const CLIENTS = 16;
const WAIT_MS = 30_000;
const TIMEOUT_MS = 60_000;
const QUIET_TIMEOUT_MS = 600_000;

/** Through the gateway: a template gets a word that no other has, and is searched for by it at once; in turn with the write's token and without. */
export async function measureReadYourWrites({ settings, size, seed, say }: Run): Promise<Part> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-bench-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true }) };
  await using gateway = await startGateway({ stores: settings.stores, dataDir, namespace: `${settings.namespace}_ryw` });
  const adminToken = await tokenFor('bench-admin', ['admin']);
  using client = createGraphqlClient(gateway.url);
  const known = await populate(client, { templates: generateTemplates(TEMPLATES, seed), adminToken, seed });
  const { quiet } = await waitForQuiet(client, { adminToken, timeoutMs: QUIET_TIMEOUT_MS });
  if (!quiet) throw new Error(`The projections of ${TEMPLATES} templates were not done after ${QUIET_TIMEOUT_MS / 1_000} s.`);

  using api = createApi(gateway.url, adminToken);
  const early = await checkOnce(api, known[0]?.id ?? '');
  if (early.length > 0) return { figures: [], notes: [], failures: early };

  const cpu = watchCpuSplit({ gateway: gateway.pid });
  const results = { with: createPairs(), without: createPairs() };
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const own = known.filter((_, index) => index % CLIENTS === client);
      for (let pair = client; pair < 2 * size.pairs; pair += CLIENTS) {
        const turn = Math.floor(pair / CLIENTS);
        const { id } = own[turn % own.length] ?? { id: '' };
        await runPair(api, { id, word: wordOf(pair + 1), usesToken: turn % 2 === 0, results });
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const split = cpu();
  await gateway.stop();
  const [withToken, without] = [results.with, results.without];
  const rate = without.misses / without.searchMs.length;
  say(
    `read your writes: ${withToken.misses} misses of ${withToken.searchMs.length} with the token, ${without.misses} of ${without.searchMs.length} without (${split})`,
  );
  return {
    figures: [
      {
        name: 'ryw.pairs',
        value: withToken.searchMs.length,
        meaning: 'write-then-search pairs through the gateway with the token of the write, and as many without',
      },
      { name: 'ryw.missesWithToken', value: withToken.misses, meaning: 'searches with the token that did not find what had been written' },
      { name: 'ryw.missesWithoutToken', value: without.misses, meaning: 'the same without' },
      { name: 'ryw.missRateWithoutToken', value: rate, meaning: 'share of the searches without the token that did not find it' },
      {
        name: 'ryw.searchP50Ms.withToken',
        value: percentile(withToken.searchMs, 0.5),
        meaning: 'half of the searches with the token were answered within, ms, the wait included',
      },
      { name: 'ryw.searchP50Ms.withoutToken', value: percentile(without.searchMs, 0.5), meaning: 'the same without' },
    ],
    notes: [`ryw: ${CLIENTS} clients, ${Math.round((2 * size.pairs) / seconds)} pairs/s, each its own templates; ${split}`],
    failures: [],
  };
}

const createPairs = (): { misses: number; searchMs: number[] } => ({ misses: 0, searchMs: [] });

async function runPair(
  api: Api,
  pair: { id: string; word: string; usesToken: boolean; results: Record<'with' | 'without', { misses: number; searchMs: number[] }> },
): Promise<void> {
  const { id, word, usesToken, results } = pair;
  const token = await api.write(id, word);
  const startedAt = performance.now();
  const hits = await api.search(word, usesToken ? token : undefined);
  const into = usesToken ? results.with : results.without;
  into.searchMs.push(performance.now() - startedAt);
  if (!hits.includes(id)) into.misses++;
}

/** One pair by hand, before any is counted: the write has a token, the search finds this template and no other. */
async function checkOnce(api: Api, id: string): Promise<readonly string[]> {
  const word = wordOf(0);
  const before = await api.search(word, undefined);
  const hits = await api.search(word, await api.write(id, word));
  return [
    ...(before.length === 0 ? [] : [`ryw: ${before.length} templates hold a word that nobody wrote`]),
    ...(hits.length === 1 && hits[0] === id
      ? []
      : [`ryw: the template ${id} was searched for with its token, ${hits.join(', ') || 'nothing'} was found`]),
  ];
}

interface Api extends Disposable {
  /** @returns the write's token @throws Error when there is none */
  write(id: string, word: string): Promise<string>;
  /** Ids of what was found. @throws Error on any error, a stale answer among them */
  search(word: string, token: string | undefined): Promise<readonly string[]>;
}

function createApi(url: string, adminToken: string): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` };
  const ask = async <Data>(body: object): Promise<{ data: Data; token: string | undefined }> => {
    const { status, text } = await post(`${url}/graphql`, { agent, headers, body: JSON.stringify(body), timeoutMs: TIMEOUT_MS });
    // As GraphQL over HTTP answers; `extensions.sync` as docs/sync.md describes it.
    const answer = JSON.parse(text) as { data?: Data; errors?: unknown; extensions?: { sync?: { token?: string; stale?: boolean } } };
    if (status !== 200 || answer.errors !== undefined || answer.data == null || answer.extensions?.sync?.stale)
      throw new Error(`The gateway answered ${status}: ${text.slice(0, 500)}`);
    return { data: answer.data, token: answer.extensions?.sync?.token };
  };
  return {
    async write(id, word) {
      const query = 'mutation Write($input: UpdateTemplateInput!) { updateTemplate(input: $input) { template { id } } }';
      const { token } = await ask({ query, variables: { input: { id, description: `A template about ${word}.` } } });
      if (token === undefined) throw new Error('The gateway answered a mutation without a sync token.');
      return token;
    },
    async search(word, token) {
      const query = 'query Search($word: String!) { searchTemplates(query: $word, mode: TEXT, first: 10) { hits { template { id } } } }';
      const sync = token === undefined ? {} : { extensions: { sync: { token, waitMs: WAIT_MS, onTimeout: 'FAIL' } } };
      interface Found {
        readonly searchTemplates: { readonly hits: readonly { readonly template: { readonly id: string } }[] };
      }
      const { data } = await ask<Found>({ query, variables: { word }, ...sync });
      return data.searchTemplates.hits.map(({ template }) => template.id);
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}
