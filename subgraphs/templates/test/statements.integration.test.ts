import { createLocalHost, type SubgraphExecutor } from '@loomgraph/testing';
import { createLexicalEmbedder } from '@loomgraph/ai';
import { createStoreSet, type StoreSet } from '@loomgraph/stores';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { jest } from '@jest/globals';
import { AbstractSqlConnection } from '@mikro-orm/sql';
import { createTemplatesSubgraph, type TemplatesSubgraph } from '../src/app.js';

describe('T2 no list costs more than a fixed number of statements', () => {
  let stores: StoreSet;
  let subgraph: TemplatesSubgraph;
  let host: SubgraphExecutor;
  let ids: string[];
  const identity = { userId: 'u1', roles: ['admin'], scopes: [], issuedAt: new Date(), expiresAt: new Date() };

  beforeAll(async () => {
    stores = createStoreSet({ urls: {}, dataDir: 'memory://' });
    subgraph = await createTemplatesSubgraph({
      stores,
      embedder: createLexicalEmbedder({ dimensions: 64 }),
      logger: silentLogger,
      metrics: createMetrics(),
    });
    host = createLocalHost(subgraph);
    const categories = await Promise.all(['a', 'b', 'c'].map((slug) => subgraph.categories.create({ slug, name: slug })));
    ids = [];
    for (let i = 0; i < 60; i++) {
      const { id } = await subgraph.templates.create(
        { name: `T${i}`, categoryId: categories[i % 3]?.id ?? '' },
        { userId: 'u1', isAdmin: true },
      );
      ids.push(id);
      await subgraph.rateTemplate.rate({ templateId: id, userId: 'u1', rating: 3 });
      await subgraph.rateTemplate.rate({ templateId: id, userId: 'u2', rating: 4 });
    }
  }, 60_000);
  afterAll(async () => {
    await subgraph.close();
    await stores.close();
  });

  /** Runs an operation and counts the statements that reach the database. */
  const statements = async (query: string, variables: Record<string, unknown>): Promise<number> => {
    const spy = jest.spyOn(AbstractSqlConnection.prototype, 'execute');
    try {
      const { errors } = await host.execute({ query, variables, request: { identity, requestId: 'r' } });
      expect(errors).toBeUndefined();
      return spy.mock.calls.length;
    } finally {
      spy.mockRestore();
    }
  };

  it('lists 50 templates with category, ratings and own rating in as many statements as 5', async () => {
    const query = `query($first: Int!) { templates(first: $first) { totalCount nodes { name category { name } ratings(first: 2) { rating } myRating { rating } similar(first: 2) { template { name } } } } }`;
    const few = await statements(query, { first: 5 });
    expect(await statements(query, { first: 50 })).toBe(few);
    // page, count, categories, latest ratings, own ratings; the similar ones' templates where there are any
    expect(few).toBeLessThanOrEqual(6);
  });

  it('counts only when the count is asked for', async () => {
    expect(await statements(`{ templates(first: 50) { nodes { name } } }`, {})).toBe(1);
  });

  it('resolves 50 references in one statement, and again from the cache in none', async () => {
    const query = `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Template { name rating } } }`;
    const representations = ids.slice(0, 50).map((id) => ({ __typename: 'Template', id }));
    expect(await statements(query, { representations })).toBe(1);
    expect(await statements(query, { representations })).toBe(0);
  });
});
