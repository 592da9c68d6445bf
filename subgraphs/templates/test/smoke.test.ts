import { createLexicalEmbedder } from '@loomgraph/ai';
import { createMetrics, createLogger } from '@loomgraph/telemetry';
import { createLocalHost } from '@loomgraph/subgraph-kit';
import { createMemoryCache } from '@loomgraph/stores/cache';
import { openSqlGraph } from '@loomgraph/stores/graph';
import { openVectorIndex } from '@loomgraph/stores/vectors';
import { createPgliteDatabase, openPglite } from '@loomgraph/stores/postgres';
import { openPgliteRelational, openMySqlRelational } from '@loomgraph/stores/relational';
import { createTemplatesSubgraph } from '../src/app.js';

const url = process.env['SMOKE_MYSQL'];
it('smokes', async () => {
  const pglite = await openPglite({ dataDir: 'memory://' });
  const db = createPgliteDatabase(pglite);
  const bus = { publish: async (t: string, m: unknown[]) => console.log('publish', t, m.length), subscribe: async () => ({ [Symbol.asyncDispose]: async () => {} }), health: async () => ({ ok: true }), close: async () => {} };
  const cache = createMemoryCache({});
  const stores = {
    relational: (o: never) => url ? openMySqlRelational({ ...(o as object), name: 'smoke' + process.pid, url } as never) : openPgliteRelational({ ...(o as object), pglite } as never),
    vectors: (collection: never) => openVectorIndex({ database: db, schema: 'vectors', collection }),
    graph: () => openSqlGraph({ database: db, schema: 'graph' }),
    cache: async () => cache, bus: async () => bus, health: async () => [], close: async () => {},
  };
  const logger = createLogger({ level: 'debug', name: 't', destination: { write: (l) => console.log(l) } });
  const subgraph = await createTemplatesSubgraph({ stores: stores as never, embedder: createLexicalEmbedder({ dimensions: 256 }), logger, metrics: createMetrics() });
  await subgraph.start();
  const host = createLocalHost(subgraph);
  const identity = { userId: '1', roles: ['admin'], scopes: [], issuedAt: new Date(), expiresAt: new Date() };
  const run = async (query: string, variables = {}) => {
    const r = await host.execute({ query, variables, request: { identity, requestId: 'x' } });
    if (r.errors) console.log(JSON.stringify(r.errors.map((e) => [e.message, e.extensions, (e.originalError as Error)?.stack])));
    return r.data as any;
  };
  const c = await run(`mutation { createTemplateCategory(input: { slug: "it", name: "技术" }) { category { id name } } }`);
  const categoryId = c.createTemplateCategory.category.id;
  const mk = (name: string, description: string) => run(`mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id name revision category { name } } } }`, { input: { name, description, categoryId, tags: ['a'], slug: name.toLowerCase().replace(/ /g, '-') } });
  const a = (await mk('Academic Serif', 'scholarly serif layout')).createTemplate.template;
  const b = (await mk('Academic Plain', 'scholarly plain layout')).createTemplate.template;
  console.log(a, b);
  for (let i = 0; i < 3; i++) console.log(JSON.stringify(await run(`mutation($id: ID!) { rateTemplate(input: { templateId: $id, rating: 4.5, review: "ok" }) { template { rating ratingCount revision } } useTemplate(templateId: $id) { usageCount template { usage } } }`, { id: a.id })));
  await run(`mutation($id: ID!) { useTemplate(templateId: $id) { usageCount } }`, { id: b.id });
  console.log('quiet', await subgraph.relay.whenQuiet(5000));
  console.log(JSON.stringify(await run(`query($id: ID!, $b: ID!) { template(id: $id) { name ratings { rating userId } myRating { rating } category { name } createdAt }
   templates(first: 1, orderBy: {field: NAME, direction: ASC}, filter: { tags: ["a"], nameContains: "acad" }) { totalCount pageInfo { endCursor hasNextPage } nodes { name } }
   hotTemplates { name } templateSuggestions(prefix: "aca") similarTemplates(id: $id) { weight template { name } } templatesAlsoUsed(id: $id) { weight template { name } }
   templatePath(fromId: $id, toId: $b) { length nodes { label id } steps { type forward } }
   templatesSync { name lagRecords lagSeconds deadLetters }
   searchTemplates(query: "scholarly serif", mode: HYBRID) { similarity model hits { score vectorRank textRank template { name } } } }`, { id: a.id, b: b.id }), null, 1));
  console.log(JSON.stringify(await run(`mutation($id: ID!) { deleteTemplate(id: $id) { deletedId } }`, { id: a.id })));
  console.log('quiet', await subgraph.relay.whenQuiet(5000));
  await subgraph.close(); await pglite.close();
}, 60000);
