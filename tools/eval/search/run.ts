import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signDevelopmentToken } from '@loomgraph/auth';
import { startGateway, TOKEN_SECRET } from '../../harness/gateway-process.ts';
import { createGraphqlClient, type GraphqlClient } from '../../harness/graphql.ts';
import { storesEnv } from '../../harness/store-env.ts';
import { waitForQuiet } from '../../harness/sync-status.ts';
import { createNamespace, dropNamespace } from '../../namespace/index.ts';
import type { RunContext } from '../../report/command.ts';
import { ROOT } from '../../report/machine.ts';
import type { RunOptions } from '../../report/options.ts';
import type { Figure, Outcome } from '../../report/outcome.ts';
import { judgements } from './judgements.ts';
import { score } from './score.ts';

const QUIET_TIMEOUT_MS = 60_000;
const DEPTH = 10;
/** The local embedder must keep finding what shares words with its query. */
const TARGET_TOP1 = 0.75;

const IMPORT = 'mutation($rows: [ImportTemplateInput!]!) { importTemplates(input: { rows: $rows }) { created } }';
const SEARCH = `query($query: String!, $mode: TemplateSearchMode!) {
  searchTemplates(query: $query, mode: $mode, first: ${DEPTH}) { model similarity hits { template { slug } } } }`;

interface SearchAnswer {
  readonly searchTemplates: {
    readonly model: string;
    readonly similarity: 'LEXICAL' | 'SEMANTIC';
    readonly hits: readonly { readonly template: { readonly slug: string } }[];
  };
}

/** Loads the 65 real templates into a gateway of its own and asks it every judged query in every mode. */
export async function runSearchEvaluation(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const kind = options.stores[0] ?? 'embedded';
  const stores = storesEnv(kind);
  const namespace = kind === 'real' ? createNamespace('eval') : undefined;
  if (namespace !== undefined) resources.defer(async () => void (await dropNamespace(stores, namespace)));
  const dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-eval-'));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const gateway = resources.use(await startGateway({ stores, dataDir, ...(namespace === undefined ? {} : { namespace }) }));
  const client = resources.use(createGraphqlClient(gateway.url));
  await load(client);
  say(`65 templates are searchable; asking ${judgements.length} queries in 3 modes`);

  const figures: Figure[] = [];
  let model = '';
  for (const mode of ['VECTOR', 'TEXT', 'HYBRID'] as const) {
    const answers = [];
    for (const judgement of judgements) {
      const { searchTemplates } = await client.run<SearchAnswer>({ query: SEARCH, variables: { query: judgement.query, mode } });
      model = `${searchTemplates.model} (${searchTemplates.similarity.toLowerCase()})`;
      answers.push({ judgement, hits: searchTemplates.hits.map(({ template }) => template.slug) });
    }
    const { top1, mrr, recallAt5 } = score(answers);
    const name = `search.${mode.toLowerCase()}`;
    figures.push(
      { name: `${name}.top1`, value: top1, meaning: `share of queries whose first hit is relevant (${mode})` },
      { name: `${name}.mrr`, value: mrr, meaning: 'mean of one over the place of the first relevant hit' },
      { name: `${name}.recallAt5`, value: recallAt5, meaning: 'mean share of the relevant templates among the first five' },
    );
  }
  const top1 = figures.find(({ name }) => name === 'search.vector.top1')?.value ?? 0;
  return {
    figures,
    notes: [`${judgements.length} judged queries over 65 templates; embeddings by ${model}`],
    failures: top1 < TARGET_TOP1 ? [`search.vector.top1 is ${top1.toFixed(2)}; the target is ${TARGET_TOP1}`] : [],
  };
}

async function load(client: GraphqlClient): Promise<void> {
  const token = await signDevelopmentToken({ secret: TOKEN_SECRET, userId: '1', roles: ['admin'] });
  const file = await readFile(join(ROOT, 'subgraphs/templates/seeds/resume-templates.json'), 'utf8');
  const { templates } = JSON.parse(file) as { templates: { slug: string; name: string; description: string; tags: string[] }[] };
  const rows = templates.map(({ slug, name, description, tags }) => ({
    slug,
    name,
    description,
    tags,
    language: 'en',
    category: 'themes',
  }));
  await client.run({ query: IMPORT, variables: { rows }, token });
  const { quiet } = await waitForQuiet(client, { adminToken: token, timeoutMs: QUIET_TIMEOUT_MS });
  if (!quiet) throw new Error(`Search was not ready ${QUIET_TIMEOUT_MS / 1_000} s after the templates were loaded.`);
}
