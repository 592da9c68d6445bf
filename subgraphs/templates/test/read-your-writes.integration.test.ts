import { createLexicalEmbedder } from '@loomgraph/ai';
import { decodeSyncToken, encodeSyncToken, mergeSyncAnswers, type SyncAnswer, type SyncRequest } from '@loomgraph/core';
import { createStoreSet, type StoreSet, type StoreUrls } from '@loomgraph/stores';
import { createHttpHost } from '@loomgraph/subgraph-kit';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createLocalHost, realStore } from '@loomgraph/testing';
import { randomBytes } from 'node:crypto';
import { dropNamespace } from '../../../tools/namespace/index.ts';
import { createTemplatesSubgraph, type TemplatesSubgraph } from '../src/app.js';

const keys = ['MYSQL_URL', 'POSTGRES_URL', 'NEO4J_URL', 'REDIS_URL'] as const;
const real = Object.fromEntries(keys.map((key) => [key, realStore(key)]));
const realUrls = { relational: real['MYSQL_URL'], postgres: real['POSTGRES_URL'], neo4j: real['NEO4J_URL'], redis: real['REDIS_URL'] };
const backends: { name: string; urls: StoreUrls; pairs: number }[] = [
  { name: 'the embedded stores', urls: {}, pairs: 200 },
  ...(Object.values(real).every((url) => url !== undefined) ? [{ name: 'real stores', urls: realUrls as StoreUrls, pairs: 200 }] : []),
];
const LANES = 8;
const CREATE = `mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }`;
const SEARCH = `query($text: String!) { searchTemplates(query: $text, mode: TEXT, first: 5) { hits { template { id } } } }`;
const identity = { userId: 'u1', roles: ['admin'], scopes: [], issuedAt: new Date(), expiresAt: new Date() };
/** Far longer than it takes: what is looked at is that a read waits, on whatever machine. */
const PATIENT = { waitMs: 30_000, onTimeout: 'STALE' } as const;

describe.each(backends)('reading own writes on $name', ({ urls, pairs }) => {
  const namespace = `ryw${randomBytes(4).toString('hex')}`;
  const opened = new AsyncDisposableStack();
  let stores: StoreSet;
  let subgraph: TemplatesSubgraph;
  let categoryId: string;
  const embedder = createLexicalEmbedder({ dimensions: 64 });

  const open = async (set: StoreSet): Promise<TemplatesSubgraph> =>
    opened.use(await createTemplatesSubgraph({ stores: set, embedder, logger: silentLogger, metrics: createMetrics() }));
  const openStores = (): StoreSet =>
    opened.use(
      createStoreSet({ urls, dataDir: 'memory://', namespace, pools: { relational: { maxConnections: 20, idleConnections: 2 } } }),
    );

  beforeAll(async () => {
    opened.defer(async () => {
      if (urls.relational !== undefined) await dropNamespace(real, namespace);
    });
    stores = openStores();
    subgraph = await open(stores);
    await subgraph.start();
    categoryId = (await subgraph.categories.create({ slug: 'own', name: 'Own' })).id;
  }, 60_000);
  afterAll(() => opened.disposeAsync(), 60_000);

  const ask = async (query: string, variables: object, sync: Partial<SyncRequest> = {}, from = subgraph) => {
    let answer: SyncAnswer | undefined;
    const report = (more: SyncAnswer): void => void (answer = mergeSyncAnswers(answer, more));
    const { data, errors } = await createLocalHost(from).execute({
      query,
      variables: variables as Record<string, unknown>,
      request: { identity, requestId: 'r', sync: { ...sync, report } },
    });
    return { data: data as never, error: errors?.[0], sync: answer };
  };
  const create = async (name: string, from = subgraph): Promise<{ id: string; token: string }> => {
    const { data, sync } = await ask(CREATE, { input: { name, categoryId } }, {}, from);
    return { id: (data as { createTemplate: { template: { id: string } } }).createTemplate.template.id, token: sync?.token ?? '' };
  };
  const hits = (data: unknown): string[] =>
    (data as { searchTemplates: { hits: { template: { id: string } }[] } }).searchTemplates.hits.map(({ template }) => template.id);
  /** In lanes beside each other; answers how many did not find what they had written. */
  const misses = async (count: number, pair: (n: number) => Promise<boolean>): Promise<number> => {
    let next = 0;
    let missed = 0;
    const lane = async (): Promise<void> => {
      while (next < count) if (!(await pair(next++))) missed++;
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return missed;
  };

  it(`${pairs} templates are found by whoever has just written them`, async () => {
    const startedAt = performance.now();
    const missed = await misses(pairs, async (n) => {
      const { id, token } = await create(`Zq${n}x`);
      const { data, sync } = await ask(SEARCH, { text: `zq${n}x` }, { ...PATIENT, token });
      return sync === undefined && hits(data).includes(id);
    });
    const perSecond = Math.round((pairs / (performance.now() - startedAt)) * 1_000);
    const without = await misses(20, async (n) => {
      const { id } = await create(`Wq${n}x`);
      return hits((await ask(SEARCH, { text: `wq${n}x` })).data).includes(id);
    });
    process.stdout.write(`${pairs} pairs with the token: ${missed} misses, ${perSecond} pairs/s; 20 without it: ${without} misses\n`);
    expect(missed).toBe(0);
  }, 280_000);

  it('what is read of graph and cache waits, too, and each wait once', async () => {
    const { id } = await create('Granite outline');
    const { token } = await ask(`mutation($id: ID!) { useTemplate(templateId: $id) { usageCount } }`, { id }).then(
      ({ sync }) => sync ?? {},
    );
    const query = `query($id: ID!, $representations: [_Any!]!) {
      path: templatePath(fromId: $id, toId: $id) { length }
      alsoUsed: templatesAlsoUsed(id: $id) { weight }
      similarTemplates(id: $id) { weight }
      templateSuggestions(prefix: "Granite")
      hotTemplates(first: 5) { id }
      _entities(representations: $representations) { ... on Template { usage similar(first: 3) { weight } } }
    }`;
    const { data, error, sync } = await ask(
      query,
      { id, representations: [{ __typename: 'Template', id }] },
      { ...PATIENT, token: token! },
    );
    expect(error).toBeUndefined();
    expect(sync).toBeUndefined();
    expect(data).toMatchObject({ path: { length: 0 }, templateSuggestions: ['Granite outline'], _entities: [{ usage: 1 }] });
  }, 120_000);

  it('a renamed category is found in its templates by whoever renamed it', async () => {
    const { id } = await subgraph.categories.create({ slug: 'before', name: 'Before' });
    await ask(CREATE, { input: { name: 'Of a category', categoryId: id } });
    const rename = `mutation($input: UpdateTemplateCategoryInput!) { updateTemplateCategory(input: $input) { category { id } } }`;
    const { sync } = await ask(rename, { input: { id, name: 'Zephyrine' } });
    const found = await ask(SEARCH, { text: 'zephyrine' }, { ...PATIENT, token: sync?.token });
    expect(found.sync).toBeUndefined();
    expect(hits(found.data)).toHaveLength(1);
  }, 120_000);

  it('a mutation answers one token for all it wrote, and a failed one none', async () => {
    const two = `mutation($a: CreateTemplateInput!, $b: CreateTemplateInput!) { a: createTemplate(input: $a) { template { id } } b: createTemplate(input: $b) { template { id } } }`;
    const { sync } = await ask(two, { a: { name: 'a', categoryId }, b: { name: 'b', categoryId } });
    const [first, last] = decodeSyncToken(sync?.token ?? '').get('templates') ?? [0, 0];
    expect(last).toBeGreaterThan(first);
    const { sync: none, error } = await ask(CREATE, { input: { name: 'x', categoryId: 'nowhere' } });
    expect(error).toBeDefined();
    expect(none).toBeUndefined();
  });

  it('a read that runs out of time is stale, with the lag, or fails where that was asked for', async () => {
    await subgraph.relay.stop();
    const { token } = await create('Late one');
    const stale = await ask(SEARCH, { text: 'late' }, { token, waitMs: 50 });
    expect(stale.error).toBeUndefined();
    expect(stale.sync).toMatchObject({ stale: true, reason: 'timeout', projections: ['templates/template-vectors'] });
    expect(stale.sync?.lagSeconds).toBeGreaterThan(0.02);
    const failed = await ask(SEARCH, { text: 'late' }, { token, waitMs: 0, onTimeout: 'FAIL' });
    expect(failed.error?.extensions).toMatchObject({
      code: 'SYNC_STALE',
      details: { reason: 'timeout', projections: ['templates/template-vectors'] },
    });
    expect(failed.sync).toBeUndefined();
    // What is not projected waits for nothing.
    const record = await ask(`{ templates(first: 1) { nodes { id } } }`, {}, { token, waitMs: 0, onTimeout: 'FAIL' });
    expect(record.error).toBeUndefined();
    const forged = await ask(SEARCH, { text: 'late' }, { token: 'forged' });
    expect(forged.error?.extensions).toMatchObject({ code: 'INVALID_SYNC_TOKEN' });
  });

  it('another instance on the same database delivers it, and its readers see it; over HTTP alike', async () => {
    const other = await open(urls.relational === undefined ? stores : openStores());
    await other.start();
    const missed = await misses(50, async (n) => {
      const { id, token } = await create(`Yq${n}x`);
      const { data, sync } = await ask(SEARCH, { text: `yq${n}x` }, { ...PATIENT, token }, other);
      return sync === undefined && hits(data).includes(id);
    });
    expect(missed).toBe(0);

    const identityVerifier = { verifyRequest: () => Promise.resolve({ identity }) };
    await using host = await createHttpHost(other, { identityVerifier, logger: silentLogger, metrics: createMetrics(), port: 0 });
    const post = async (headers: Record<string, string>, query = SEARCH, variables: object = { text: 'http' }) => {
      const body = JSON.stringify({ query, variables });
      const response = await fetch(host.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
      return (await response.json()) as { errors?: { extensions: object }[]; extensions?: { sync?: SyncAnswer } };
    };
    const token = (await post({}, CREATE, { input: { name: 'Http one', categoryId } })).extensions?.sync?.token ?? '';
    expect(decodeSyncToken(token).has('templates')).toBe(true);
    expect(await post({ 'sync-token': token, 'sync-wait-ms': '20000' })).not.toHaveProperty('extensions');
    const never = encodeSyncToken(new Map([['templates', [1, Number.MAX_SAFE_INTEGER - 1]]]));
    await other.relay.stop();
    await create('Never');
    expect(await post({ 'sync-token': never, 'sync-wait-ms': '0' })).toMatchObject({
      extensions: { sync: { stale: true, reason: 'timeout', projections: ['templates/template-vectors'] } },
    });
    expect(await post({ 'sync-token': never, 'sync-wait-ms': '0', 'sync-on-timeout': 'FAIL' })).toMatchObject({
      errors: [{ extensions: { code: 'SYNC_STALE' } }],
    });
    expect(await post({ 'sync-token': 'forged' })).toMatchObject({ errors: [{ extensions: { code: 'INVALID_SYNC_TOKEN' } }] });
  }, 120_000);
});
