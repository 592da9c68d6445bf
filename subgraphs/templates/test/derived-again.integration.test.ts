import { createLexicalEmbedder } from '@loomgraph/ai';
import { StoreError } from '@loomgraph/core';
import { createStoreSet, type StoreUrls } from '@loomgraph/stores';
import type { VectorIndex } from '@loomgraph/stores/vectors';
import { OutboxRow } from '@loomgraph/sync';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { realStore } from '@loomgraph/testing';
import { randomBytes } from 'node:crypto';
import { dropNamespace } from '../../../tools/namespace/index.ts';
import { createTemplatesSubgraph, type TemplatesSubgraph } from '../src/app.js';
import { createSimilarTemplates } from '../src/projections/similar-templates.js';

const DIMENSIONS = 64;
const TEMPLATES = 60;
const QUIET_MS = 60_000;
const ADMIN = { userId: 'u1', isAdmin: true };
const keys = ['MYSQL_URL', 'POSTGRES_URL', 'NEO4J_URL', 'REDIS_URL'] as const;
const real = Object.fromEntries(keys.map((key) => [key, realStore(key)]));
const realUrls = { relational: real['MYSQL_URL'], postgres: real['POSTGRES_URL'], neo4j: real['NEO4J_URL'], redis: real['REDIS_URL'] };
const backends: { name: string; urls: StoreUrls }[] = [
  { name: 'the embedded stores', urls: {} },
  ...(Object.values(real).every((url) => url !== undefined) ? [{ name: 'real stores', urls: realUrls as StoreUrls }] : []),
];

/** Prevents: edges to whom a template was close once, and search documents with a category's old name. */
describe.each(backends)('what depends on other records follows them, on $name', ({ urls }) => {
  const namespace = `again${randomBytes(4).toString('hex')}`;
  const opened = new AsyncDisposableStack();
  const stores = opened.use(
    createStoreSet({ urls, dataDir: 'memory://', namespace, pools: { relational: { maxConnections: 20, idleConnections: 2 } } }),
  );
  const words = 'nurse ward night doctor clinic teacher school pupil class engineer bridge steel concrete'.split(' ');
  /** Texts that overlap, so that many are close to each other. */
  const content = (seed: number): string =>
    Array.from({ length: 8 }, (_, index) => words[(seed * 7 + index * (1 + (seed % 5))) % words.length]).join(' ');
  let subgraph: TemplatesSubgraph;
  /** What the subgraph searches in. */
  let index: VectorIndex;
  const categories: string[] = [];
  const ids: string[] = [];
  /** Befalls the engine between two steps. */
  let fault: (point: string) => Promise<void> = () => Promise.resolve();
  /** A search for dependents has looked up who is around what changed. */
  let isSearching = false;

  const quiet = async () => expect(await subgraph.relay.whenQuiet(QUIET_MS)).toBe(true);
  /** For each template the edges that are there, and those that a look-up with nothing remembered gives. */
  const edges = async (): Promise<{ stored: object; fresh: object }> => {
    const graph = await stores.graph(['Template', 'Category', 'User']);
    const stored = await graph.neighboursOfEach(ids, { from: 'Template', edge: 'SIMILAR_TO', direction: 'out', limit: 50 });
    const fresh = await index.searchLikeEach(ids, { field: 'content', limit: 10, minScore: 0.3, filter: { isActive: true }, exact: true });
    const keyed = (lists: readonly (readonly { id: string; score: number }[])[]) =>
      Object.fromEntries(
        ids.map((id, position) => [id, lists[position]?.map(({ id: other, score }) => `${other} ${score.toFixed(6)}`).sort()]),
      );
    return { stored: keyed(stored.map((list) => list.map(({ node, weight }) => ({ id: node.id, score: weight })))), fresh: keyed(fresh) };
  };
  const expectCurrent = async () => {
    await quiet();
    const { stored, fresh } = await edges();
    expect(stored).toEqual(fresh);
  };

  beforeAll(async () => {
    opened.defer(async () => {
      if (urls.relational !== undefined) await dropNamespace(real, namespace);
    });
    const embedder = createLexicalEmbedder({ dimensions: DIMENSIONS });
    const observed = {
      ...stores,
      vectors: async (collection: Parameters<typeof stores.vectors>[0]) => {
        index = await stores.vectors(collection);
        return new Proxy(index, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name, target);
            if (typeof value !== 'function') return value;
            return (...args: unknown[]): unknown => {
              if (name === 'searchLikeEach' && (args[1] as { limit: number }).limit > 50) isSearching = true;
              return value.apply(target, args);
            };
          },
        });
      },
    };
    subgraph = opened.use(
      await createTemplatesSubgraph({
        stores: observed,
        embedder,
        logger: silentLogger,
        metrics: createMetrics(),
        audit: 'off',
        relay: { faults: (point) => fault(point) },
      }),
    );
    await subgraph.start();
    for (const slug of ['care', 'works']) categories.push((await subgraph.categories.create({ slug, name: slug })).id);
    for (let seed = 0; seed < TEMPLATES; seed++) {
      const fields = { name: `Template ${seed}`, categoryId: categories[seed % 2]!, content: content(seed) };
      ids.push((await subgraph.templates.create(fields, ADMIN)).id);
    }
  }, 90_000);
  afterAll(() => opened.disposeAsync(), 60_000);

  it('templates that were written one after the other know each other', async () => {
    await expectCurrent();
    const { stored } = await edges();
    expect(Object.values(stored).filter((list) => (list as string[]).length === 10).length).toBeGreaterThan(TEMPLATES / 2);
  }, 90_000);

  it('a new one gets into the lists it belongs to', async () => {
    ids.push((await subgraph.templates.create({ name: 'Template 0', categoryId: categories[0]!, content: content(0) }, ADMIN)).id);
    await expectCurrent();
  }, 90_000);

  it('one that changes, is switched off or goes leaves the lists it was in', async () => {
    await subgraph.templates.update(ids[3]!, { content: content(31) }, ADMIN);
    await subgraph.templates.update(ids[5]!, { content: 'harp violin cello' }, ADMIN);
    await subgraph.templates.update(ids[8]!, { isActive: false }, ADMIN);
    await subgraph.templates.remove(ids[7]!, ADMIN);
    await subgraph.templates.remove(ids[10]!, ADMIN);
    ids.splice(10, 1);
    ids.splice(7, 1);
    await expectCurrent();
  }, 90_000);

  it('a renamed category is in the search documents of its templates, whose revisions stay', async () => {
    const [before] = await index.entries([ids[0]!]);
    await subgraph.categories.update(categories[0]!, { name: 'zoology' });
    await quiet();
    const found = await index.searchByText({ text: 'zoology', limit: 100, filter: { categoryId: categories[0]! } });
    const all = await index.searchByText({ text: 'template', limit: 100, filter: { categoryId: categories[0]! } });
    expect(found).toHaveLength(all.length);
    const [after] = await index.entries([ids[0]!]);
    expect(after).toMatchObject({ revision: before!.revision });
    expect(after!.fingerprint).not.toBe(before!.fingerprint);
    await expectCurrent();
  }, 90_000);

  /**
   * A search for dependents that ended between its look-ups and what they made due had changed the lists already; an audit that looked them up in
   * between made them look whole, the search that followed did not find their owners, and their edges stayed as they were: 97 documents of the
   * full drill.
   */
  it('a search for dependents that is interrupted, with an audit in between, leaves nobody out', async () => {
    const store = await stores.relational({ name: 'templates', entities: [OutboxRow], migrations: [] });
    const audit = createSimilarTemplates({ index, store });
    let interruptions = 0;
    fault = async (point) => {
      if (point !== 'project.loaded' || !isSearching || interruptions === 2) return;
      isSearching = false;
      interruptions += 1;
      await audit.of(ids);
      throw new StoreError('unavailable', 'test', 'The store goes away after a look.');
    };
    isSearching = false;
    await subgraph.templates.update(ids[14]!, { content: 'harp violin trumpet' }, ADMIN);
    await quiet();
    fault = () => Promise.resolve();
    expect(interruptions).toBe(2);
    await expectCurrent();
  }, 120_000);

  it('uses look nothing up again and come to rest', async () => {
    const rest = () => new Promise((resolve) => setTimeout(resolve, 1_500)); // what was applied is counted within a second
    const applied = async () => (await subgraph.relay.status()).find(({ name }) => name === 'template-graph')!.applied;
    await rest();
    const before = await applied();
    for (let use = 0; use < 5; use++) await subgraph.useTemplate({ templateId: ids[0]!, userId: `u${use}` });
    await quiet();
    await rest();
    expect((await applied()) - before).toBeLessThanOrEqual(5);
  }, 90_000);
});
