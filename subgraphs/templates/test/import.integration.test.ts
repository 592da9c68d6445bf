import { createLexicalEmbedder } from '@loomgraph/ai';
import { createStoreSet, type StoreSet, type StoreUrls } from '@loomgraph/stores';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createLocalHost, realRecords, type SubgraphExecutor } from '@loomgraph/testing';
import { randomBytes } from 'node:crypto';
import { dropNamespace } from '../../../tools/namespace/index.ts';
import { createTemplatesSubgraph, type TemplatesSubgraph } from '../src/app.js';
import { readDemoRows } from '../src/demo/demo-rows.js';

const backends: { name: string; urls: StoreUrls }[] = [
  { name: 'PGlite', urls: {} },
  ...realRecords(import.meta.filename).map(({ name, url }) => ({ name, urls: { relational: url } })),
];
const IMPORT = `mutation($input: ImportTemplatesInput!) { importTemplates(input: $input) { created updated unchanged categoriesCreated } }`;

describe.each(backends)('importTemplates on $name', ({ urls }) => {
  let stores: StoreSet;
  let subgraph: TemplatesSubgraph;
  let host: SubgraphExecutor;
  const namespace = `import${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    stores = createStoreSet({ urls, dataDir: 'memory://', namespace });
    subgraph = await createTemplatesSubgraph({
      stores,
      embedder: createLexicalEmbedder({ dimensions: 64 }),
      logger: silentLogger,
      metrics: createMetrics(),
    });
    host = createLocalHost(subgraph);
  }, 60_000);
  afterAll(async () => {
    await subgraph.close();
    await stores.close();
    if (urls.relational !== undefined) await dropNamespace({ MYSQL_URL: urls.relational }, namespace);
  }, 60_000);

  const ask = async (query: string, variables: Record<string, unknown>, roles = ['admin']) => {
    const identity = { userId: 'u1', roles, scopes: [], issuedAt: new Date(), expiresAt: new Date() };
    const { data, errors } = await host.execute({ query, variables, request: { identity, requestId: 'r' } });
    return { data: data as Record<string, unknown> | null | undefined, error: errors?.[0] };
  };
  const load = async (rows: readonly object[], rest: object = {}, roles?: string[]) => ask(IMPORT, { input: { rows, ...rest } }, roles);
  const counts = (created: number, updated: number, unchanged: number, categoriesCreated: number) => ({
    data: { importTemplates: { created, updated, unchanged, categoriesCreated } },
  });
  const read = async (slug: string) => {
    const { data } = await ask(
      `{ templates(first: 100) { nodes { slug name preview tags variables revision estimatedTime category { slug name } } } }`,
      {},
    );
    return (data as { templates: { nodes: { slug: string }[] } }).templates.nodes.find((node) => node.slug === slug);
  };

  it('creates, changes what differs and leaves the rest', async () => {
    const variables = { z: 1, a: { y: [1, { k: 'v', c: null }], b: true } };
    const first = {
      slug: 'first',
      name: '第一份 👩',
      category: 'resume-tech',
      variables,
      tags: ['a', 'b'],
      preview: 'p.png',
      estimatedTime: 5,
    };
    const second = { slug: 'second', name: 'Second', category: 'named', categoryName: 'A name of its own' };
    expect(await load([first, second])).toMatchObject(counts(2, 0, 0, 2));
    expect(await read('first')).toMatchObject({ ...first, category: { slug: 'resume-tech', name: 'Resume tech' }, revision: 1 });
    expect(await read('second')).toMatchObject({ estimatedTime: 30, category: { name: 'A name of its own' } });

    expect(await load([second, first])).toMatchObject(counts(0, 0, 2, 0));
    expect(await read('first')).toMatchObject({ revision: 1 });

    const moved = { slug: 'first', name: 'First', category: 'named', categoryName: 'Another name', preview: null };
    expect(await load([moved, second])).toMatchObject(counts(0, 1, 1, 0));
    // Null empties, what is left out stays, and the category keeps its name.
    expect(await read('first')).toMatchObject({
      name: 'First',
      preview: null,
      tags: ['a', 'b'],
      variables,
      revision: 2,
      category: { slug: 'named', name: 'A name of its own' },
    });
  });

  it('names each row that does not fit, and takes none of them', async () => {
    const good = { slug: 'good', name: 'Good', category: 'c' };
    const { error } = await load([good, { ...good, slug: 'Bad', difficulty: 9 }, { ...good, slug: 'long', name: 'x'.repeat(201) }]);
    expect(error?.message).toMatch(
      /^rows\[1\] \(slug "Bad"\): .*slug takes.*difficulty must not be greater than 5.*; rows\[2\] \(slug "long"\): name must be/,
    );
    expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', details: { rows: [{ index: 1 }, { index: 2 }] } });
    expect(await read('good')).toBeUndefined();
  });

  it('refuses a slug that comes twice, a category that must exist, and more than 100 rows', async () => {
    const row = { slug: 'x', name: 'X', category: 'no-such' };
    expect((await load([row, { ...row, slug: 'y' }, row])).error).toMatchObject({
      message: 'rows[2] (slug "x"): the slug is that of rows[0], too',
    });
    expect((await load([row], { createCategories: false })).error).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    expect((await load(Array.from({ length: 101 }, (_, index) => ({ ...row, slug: `x-${index}` })))).error).toMatchObject({
      message: 'rows: at most 100 at once; there are 101',
    });
    expect(await read('x')).toBeUndefined();
  });

  it('is for administrators', async () => {
    expect((await load([], {}, ['editor'])).error).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  it('takes a row at every bound', async () => {
    const row = {
      slug: 's'.repeat(191),
      name: '👩'.repeat(200),
      category: 'c'.repeat(191),
      categoryName: '类'.repeat(200),
      description: '字'.repeat(5_000),
      content: '字'.repeat(200_000),
      preview: 'p'.repeat(1_000),
      tags: Array.from({ length: 50 }, (_, index) => `${index}`.padStart(50, '字')),
      industry: '业'.repeat(100),
      experienceLevel: '级'.repeat(100),
      language: 'zh-abcdefgh-abcdefgh-abcdefgh-abcd',
      version: '1'.repeat(50),
      difficulty: 5,
      estimatedTime: 10_080,
    };
    expect(await load([row])).toMatchObject(counts(1, 0, 0, 1));
    expect(await load([row])).toMatchObject(counts(0, 0, 1, 0));
  });
});

describe('the demo data', () => {
  it('fills an empty record once, with templates in two languages, ratings and uses', async () => {
    await using stores = createStoreSet({ urls: {}, dataDir: 'memory://' });
    await using subgraph = await createTemplatesSubgraph({
      stores,
      embedder: createLexicalEmbedder({ dimensions: 64 }),
      logger: silentLogger,
      metrics: createMetrics(),
    });
    const rows = await readDemoRows();
    expect(await subgraph.loadDemo()).toBe(rows.length);
    expect(await subgraph.loadDemo()).toBe(0);
    expect(await subgraph.reader.categories()).toHaveLength(5);
    const { items } = await subgraph.reader.listTemplates(
      {},
      { field: 'usage', direction: 'desc' },
      { limit: 100, direction: 'forward', from: null },
    );
    expect(items).toHaveLength(77);
    expect(items.filter(({ usage }) => usage > 0)).toHaveLength(20);
    expect(items.filter(({ ratingCount }) => ratingCount > 0).length).toBeGreaterThanOrEqual(15);
    expect(new Set(items.map(({ language }) => language))).toEqual(new Set(['zh', 'en']));
  });
});
