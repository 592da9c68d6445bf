import { openNeo4jGraph, type GraphDocument, type GraphStore } from '@loomgraph/stores/graph';
import { createLocalHost, type Subgraph, type SubgraphExecutor } from '@loomgraph/subgraph-kit';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { realStore } from '@loomgraph/testing';
import neo4j from 'neo4j-driver';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { createRelationshipsSubgraph } from '../src/index.js';

const neo4jUrl = realStore('NEO4J_URL');
interface UsedPage {
  readonly edges: unknown[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

const request = { identity: null, requestId: 'test' };

if (neo4jUrl) {
  describe('relationships on Neo4j', () => {
    // Neo4j Community has one database: labels keep suites apart.
    const labelPrefix = `R${randomUUID().slice(0, 8)}_`;
    let graph: GraphStore;
    let subgraph: Subgraph;
    let host: SubgraphExecutor;
    const metrics = createMetrics();

    beforeAll(async () => {
      graph = await openNeo4jGraph({ url: neo4jUrl, labels: ['Template', 'Category', 'User'], labelPrefix });
      await graph.apply(documents());
      await graph.remove('Template', [{ id: 'gone', revision: 2 }]);
      subgraph = await createRelationshipsSubgraph({ neo4jUrl, labelPrefix, logger: silentLogger, metrics });
      host = createLocalHost(subgraph);
      // Before its first statement in a process, the library asks for the server's version.
      await ask('{ graphTemplates { id } }');
    });

    afterAll(async () => {
      await subgraph?.close();
      await graph?.close();
      await using driver = neo4j.driver(...driverArguments(neo4jUrl), { disableLosslessIntegers: true });
      await driver.executeQuery('MATCH (n) WHERE any(label IN labels(n) WHERE label STARTS WITH $labelPrefix) DETACH DELETE n', {
        labelPrefix,
      });
      const { records } = await driver.executeQuery(
        'SHOW CONSTRAINTS YIELD name, labelsOrTypes WHERE any(label IN labelsOrTypes WHERE label STARTS WITH $labelPrefix) RETURN name',
        { labelPrefix },
      );
      for (const record of records) await driver.executeQuery(`DROP CONSTRAINT \`${String(record.get('name'))}\` IF EXISTS`);
    });

    /** `data` in the shape the test states. */
    const ask = async <Data>(query: string, variables: Record<string, unknown> = {}) => {
      const result = await host.execute({ query, variables, request });
      return {
        data: structuredClone(result.data) as Data,
        codes: (result.errors ?? []).map((error) => error.extensions['code']),
        errors: result.errors,
      };
    };

    const statements = async (): Promise<number> => {
      const { body } = await metrics.render();
      return [...body.matchAll(/^loom_relationships_statement_seconds_count(?:\{.*\})? (\d+)$/gm)].reduce(
        (sum, match) => sum + Number(match[1]),
        0,
      );
    };

    it('follows relationships with their properties, strongest first', async () => {
      const { data, errors } = await ask(`{
        graphTemplates(where: { id: { eq: "t1" } }) {
          id
          similarToConnection { totalCount edges { cursor node { id belongsTo { id } } properties { similarity } } pageInfo { hasNextPage hasPreviousPage } }
          usedByConnection { edges { node { id used { id } } properties { usageCount lastUsed } } }
        }
      }`);
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        graphTemplates: [
          {
            id: 't1',
            similarToConnection: {
              totalCount: 2,
              edges: [
                { cursor: expect.any(String), node: { id: 't3', belongsTo: [{ id: 'c2' }] }, properties: { similarity: 0.9 } },
                { cursor: expect.any(String), node: { id: 't2', belongsTo: [{ id: 'c1' }] }, properties: { similarity: 0.5 } },
              ],
              pageInfo: { hasNextPage: false, hasPreviousPage: false },
            },
            usedByConnection: {
              edges: [
                { node: { id: 'u2', used: [{ id: 't1' }] }, properties: { usageCount: 7, lastUsed: '2026-01-02T00:00:00.000Z' } },
                {
                  node: { id: 'u1', used: [{ id: 't1' }, { id: 't2' }] },
                  properties: { usageCount: 2, lastUsed: '2026-01-01T00:00:00.000Z' },
                },
              ],
            },
          },
        ],
      });
    });

    it('filters and sorts by properties that it does not answer, and by relationships', async () => {
      const { data, errors } = await ask(`{
        byLanguage: graphTemplates(where: { language: { eq: "en" } }) { id }
        byTag: graphTemplates(where: { tags: { includes: "modern" } }) { id }
        bySort: graphTemplates(sort: [{ usage: DESC }], limit: 2) { id }
        byEdge: graphTemplates(where: { usedByConnection: { some: { edge: { usageCount: { gte: 5 } } } } }) { id }
        byCategory: graphCategories(where: { contains: { some: { id: { eq: "t3" } } } }) { id contains { id } }
        users: graphUsers(where: { used: { some: { id: { eq: "t2" } } } }) { id }
      }`);
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        byLanguage: [{ id: 't2' }],
        byTag: [{ id: 't1' }, { id: 't3' }],
        bySort: [{ id: 't3' }, { id: 't2' }],
        byEdge: [{ id: 't1' }],
        byCategory: [{ id: 'c2', contains: [{ id: 't3' }] }],
        users: [{ id: 'u1' }],
      });
    });

    it('answers what a query plan needs to go on elsewhere', async () => {
      const { data, errors } = await ask(
        '{ graphTemplates(where: { id: { eq: "t1" } }) { __typename id belongsTo { __typename id } } typed: graphUsers(limit: 1) { __typename } }',
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        graphTemplates: [{ __typename: 'Template', id: 't1', belongsTo: [{ __typename: 'TemplateCategory', id: 'c1' }] }],
        typed: [{ __typename: 'User' }],
      });
    });

    it('keeps names apart: aliases, fragments, variables, one field twice', async () => {
      type Page = { e: { c: string }[]; again: unknown };
      const { data, errors } = await ask<{ found: [{ near: Page; far: Page }] }>(
        `query ($id: ID!, $n: Int!) {
          found: graphTemplates(where: { id: { eq: $id } }) {
            key: id
            near: similarToConnection(first: $n) { ...page }
            far: similarToConnection(sort: [{ edge: { similarity: ASC } }], first: 1) { e: edges { n: node { k: id } } again: edges { p: properties { s: similarity } } count: totalCount }
          }
        }
        fragment page on TemplateSimilarToConnection { e: edges { c: cursor n: node { k: id } p: properties { s: similarity } } info: pageInfo { more: hasNextPage end: endCursor } }`,
        { id: 't1', n: 1 },
      );
      expect(errors).toBeUndefined();
      const [{ near, far }] = data.found;
      expect(near).toEqual({ e: [{ c: expect.any(String), n: { k: 't3' }, p: { s: 0.9 } }], info: { more: true, end: near.e[0]?.c } });
      expect(data.found[0]).toMatchObject({ key: 't1', far: { e: [{ n: { k: 't2' } }], count: 2 } });
      expect(far.again).toEqual([{ p: { s: 0.5 } }]);
    });

    it('goes through a relationship page by page', async () => {
      type Page = { totalCount: number; edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      const seen: string[] = [];
      let after: string | null = null;
      for (let page = 0; page < 5; page += 1) {
        const { data } = await ask<{ graphUsers: [{ usedConnection: Page }] }>(
          'query ($after: String) { graphUsers(where: { id: { eq: "heavy" } }) { usedConnection(after: $after, first: 40) { totalCount edges { node { id } } pageInfo { hasNextPage endCursor } } } }',
          { after },
        );
        const connection: Page = data.graphUsers[0].usedConnection;
        expect(connection.totalCount).toBe(120);
        seen.push(...connection.edges.map((edge) => edge.node.id));
        after = connection.pageInfo.endCursor;
        if (!connection.pageInfo.hasNextPage) break;
      }
      expect(new Set(seen).size).toBe(120);
      expect(seen).toHaveLength(120);
    });

    it('answers 20 where no page is asked for, and says that there are more', async () => {
      const { data } = await ask<{ graphUsers: [{ used: unknown[]; usedConnection: UsedPage }] }>(
        '{ graphUsers(where: { id: { eq: "heavy" } }) { used { id } usedConnection { edges { node { id } } pageInfo { hasNextPage } } } }',
      );
      const [user] = data.graphUsers;
      expect([user.used.length, user.usedConnection.edges.length, user.usedConnection.pageInfo.hasNextPage]).toEqual([20, 20, true]);
    });

    it('answers as many where null is asked for', async () => {
      const { data, errors } = await ask<{
        graphTemplates: unknown[];
        graphUsers: [{ usedConnection: UsedPage }];
      }>(`{ graphTemplates(limit: null, offset: null, sort: null, where: null) { id }
        graphUsers(where: { id: { eq: "heavy" } }) { usedConnection(first: null, after: null, sort: null, where: null) { edges { cursor } pageInfo { hasNextPage } } } }`);
      expect(errors).toBeUndefined();
      const [{ usedConnection }] = data.graphUsers;
      expect([data.graphTemplates.length, usedConnection.edges.length, usedConnection.pageInfo.hasNextPage]).toEqual([20, 20, true]);
    });

    it('knows where a page stands when nothing else of it is selected', async () => {
      const { data } = await ask<{ graphUsers: [unknown] }>(`{ graphUsers(where: { id: { eq: "heavy" } }) {
        state: usedConnection(first: 2) { pageInfo { hasNextPage startCursor endCursor } }
        count: usedConnection(first: 2) { totalCount }
      } }`);
      expect(data.graphUsers[0]).toEqual({
        state: { pageInfo: { hasNextPage: true, startCursor: expect.any(String), endCursor: expect.any(String) } },
        count: { totalCount: 120 },
      });
    });

    it.each([
      ['{ graphTemplates(limit: 101) { id } }', 'PAGE_LIMIT_EXCEEDED'],
      ['{ graphTemplates { usedByConnection(first: 101) { totalCount } } }', 'PAGE_LIMIT_EXCEEDED'],
      ['{ graphTemplates { ...f } } fragment f on Template { similarTo(limit: 1000) { id } }', 'PAGE_LIMIT_EXCEEDED'],
      [
        '{ _entities(representations: [{ __typename: "Template", id: "t1" }]) { ... on Template { usedBy(limit: 101) { id } } } }',
        'PAGE_LIMIT_EXCEEDED',
      ],
      ['{ graphTemplates(limit: -1) { id } }', 'BAD_USER_INPUT'],
      ['{ graphTemplates { usedBy(limit: 0) { id } } }', 'BAD_USER_INPUT'],
      ['{ graphTemplates { usedByConnection(first: 0) { totalCount } } }', 'BAD_USER_INPUT'],
      ['{ graphTemplates(offset: -1) { id } }', 'BAD_USER_INPUT'],
      ['{ graphTemplates { usedByConnection(after: "nonsense") { totalCount } } }', 'INVALID_CURSOR'],
    ])('refuses %s with %s', async (query, code) => {
      expect(await ask(query)).toMatchObject({ codes: [code] });
    });

    it('shows neither placeholders nor tombstones', async () => {
      const { data, errors } = await ask(
        '{ graphTemplates(where: { id: { in: ["absent", "gone", "t2"] } }) { id } t: graphTemplates(where: { id: { eq: "t2" } }) { similarTo { id } similarToConnection { totalCount } } }',
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({ graphTemplates: [{ id: 't2' }], t: [{ similarTo: [], similarToConnection: { totalCount: 0 } }] });
    });

    it('resolves a list of representations with one statement per type, missing ones as null', async () => {
      const representations = [
        ...Array.from({ length: 50 }, (_, index) => ({ __typename: 'Template', id: `many${index}` })),
        { __typename: 'Template', id: 't1' },
        { __typename: 'Template', id: 't1' },
        { __typename: 'Template', id: 'unknown' },
        { __typename: 'Template' },
        { __typename: 'TemplateCategory', id: 'c1' },
        { __typename: 'User', id: 'u1' },
      ];
      const before = await statements();
      const { data, errors } = await ask<{ _entities: unknown[] }>(
        `query ($representations: [_Any!]!) { _entities(representations: $representations) {
          __typename
          ... on Template { similarToConnection(first: 1) { edges { node { id } } } users: usedBy { id } }
          ... on TemplateCategory { contains { id } }
          ... on User { used { id } }
        } }`,
        { representations },
      );
      expect(errors).toBeUndefined();
      expect((await statements()) - before).toBe(3);
      expect(data._entities.slice(0, 50)).toEqual(
        Array.from({ length: 50 }, () => ({ __typename: 'Template', similarToConnection: { edges: [] }, users: [{ id: 'heavy' }] })),
      );
      const first = {
        __typename: 'Template',
        similarToConnection: { edges: [{ node: { id: 't3' } }] },
        users: [{ id: 'u1' }, { id: 'u2' }],
      };
      expect(data._entities.slice(50)).toEqual([
        first,
        first,
        null,
        null,
        { __typename: 'TemplateCategory', contains: [{ id: 't1' }, { id: 't2' }] },
        { __typename: 'User', used: [{ id: 't1' }, { id: 't2' }] },
      ]);
    });

    it('resolves more representations than a page holds', async () => {
      const representations = Array.from({ length: 120 }, (_, index) => ({ __typename: 'Template', id: `many${index}` }));
      const before = await statements();
      const { data } = await ask<{ _entities: { id: string }[] }>(
        'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Template { id usedBy { id } } } }',
        { representations },
      );
      expect((await statements()) - before).toBe(2);
      expect(data._entities.map((entity) => entity.id)).toEqual(representations.map(({ id }) => id));
    });

    it('counts one statement however deep a root field goes', async () => {
      const before = await statements();
      await ask('{ graphTemplates { similarTo { usedBy { used { belongsTo { contains { id } } } } } } }');
      expect((await statements()) - before).toBe(1);
    });

    it('is well where its server is', async () => {
      expect(await subgraph.health()).toEqual([expect.objectContaining({ name: 'graph', backend: 'neo4j', ok: true })]);
    });
  });

  /** Two categories, three templates, two users, and one user with 120 templates; an edge to a template that never came. */
  function documents(): GraphDocument[] {
    const category = (id: string): GraphDocument => ({
      label: 'Category',
      id,
      revision: 1,
      fingerprint: 'f',
      properties: { name: id, slug: id },
      ownedEdges: [],
      edges: [],
    });
    const template = (
      id: string,
      categoryId: string,
      properties: object,
      similar: readonly (readonly [string, number])[] = [],
    ): GraphDocument => ({
      label: 'Template',
      id,
      revision: 1,
      fingerprint: 'f',
      properties: { name: id, language: 'zh', difficulty: 1, usage: 0, rating: 0, isActive: true, tags: [], ...properties },
      ownedEdges: ['BELONGS_TO', 'SIMILAR_TO'],
      edges: [
        { type: 'BELONGS_TO', to: { label: 'Category', id: categoryId }, properties: {}, weight: 1 },
        ...similar.map(([to, similarity]) => ({
          type: 'SIMILAR_TO',
          to: { label: 'Template', id: to },
          properties: { similarity },
          weight: similarity,
        })),
      ],
    });
    const user = (id: string, used: readonly (readonly [string, number, string])[]): GraphDocument => ({
      label: 'User',
      id,
      revision: 1,
      fingerprint: 'f',
      properties: {},
      ownedEdges: ['USED'],
      edges: used.map(([to, usageCount, lastUsed]) => ({
        type: 'USED',
        to: { label: 'Template', id: to },
        properties: { usageCount, lastUsed },
        weight: usageCount,
      })),
    });
    const many = Array.from({ length: 120 }, (_, index) => `many${index}`);
    return [
      category('c1'),
      category('c2'),
      category('c3'),
      template('t1', 'c1', { usage: 1, tags: ['modern', 'plain'] }, [
        ['t2', 0.5],
        ['t3', 0.9],
      ]),
      template('t2', 'c1', { usage: 5, language: 'en' }, [
        ['absent', 0.8],
        ['gone', 0.7],
      ]),
      template('t3', 'c2', { usage: 9, tags: ['modern'] }),
      template('gone', 'c2', { usage: 1_000 }),
      ...many.map((id) => template(id, 'c3', {})),
      user('u1', [
        ['t1', 2, '2026-01-01T00:00:00.000Z'],
        ['t2', 1, '2026-01-01T00:00:00.000Z'],
      ]),
      user('u2', [['t1', 7, '2026-01-02T00:00:00.000Z']]),
      user(
        'heavy',
        many.map((id) => [id, 1, '2026-01-03T00:00:00.000Z'] as const),
      ),
    ];
  }
}

describe('relationships without Neo4j', () => {
  const query = '{ graphTemplates { id } }';
  const entityQuery =
    '{ _entities(representations: [{ __typename: "Template", id: "a" }, { __typename: "Template", id: "b" }]) { ... on Template { usedBy { id } } } }';

  it('fails fields with STORE_UNAVAILABLE at once when nothing listens', async () => {
    await using subgraph = await createRelationshipsSubgraph({
      neo4jUrl: 'bolt://neo4j:loomloom@127.0.0.1:9',
      logger: silentLogger,
      metrics: createMetrics(),
    });
    const host = createLocalHost(subgraph);
    const startedAt = performance.now();
    const list = await host.execute({ query, request });
    expect(list).toMatchObject({
      data: { graphTemplates: null },
      errors: [
        {
          path: ['graphTemplates'],
          message: 'A store this field needs does not answer; retry later.',
          extensions: { code: 'STORE_UNAVAILABLE' },
        },
      ],
    });
    const entities = await host.execute({ query: entityQuery, request });
    expect(entities.data).toEqual({ _entities: [null, null] });
    expect(entities.errors?.[0]?.extensions['code']).toBe('STORE_UNAVAILABLE');
    expect(await subgraph.health()).toEqual([expect.objectContaining({ ok: false })]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('gives a server up that accepts and never answers', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const subgraph = await createRelationshipsSubgraph({
        neo4jUrl: `bolt://neo4j:loomloom@127.0.0.1:${port}`,
        logger: silentLogger,
        metrics: createMetrics(),
        timeouts: { connectMs: 300, statementMs: 300 },
      });
      const startedAt = performance.now();
      const result = await createLocalHost(subgraph).execute({ query, request });
      expect(result.errors?.[0]?.extensions['code']).toMatch(/^STORE_(UNAVAILABLE|TIMEOUT)$/);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      await subgraph.close();
    } finally {
      silent.close();
    }
  });
});

function driverArguments(url: string): [string, ReturnType<typeof neo4j.auth.basic>] {
  const { protocol, host, username, password } = new URL(url);
  return [`${protocol}//${host}`, neo4j.auth.basic(username, password)];
}
