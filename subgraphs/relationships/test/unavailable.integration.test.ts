import { createServer } from 'node:net';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createLocalHost } from '@loomgraph/testing';
import { createRelationshipsSubgraph } from '../src/index.js';
import { request } from './support/open-relationships.js';

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
    expect(performance.now() - startedAt).toBeLessThan(3_000);
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
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      await subgraph.close();
    } finally {
      silent.close();
    }
  });
});
