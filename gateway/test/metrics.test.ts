import { createHash } from 'node:crypto';
import { LoomError } from '@loomgraph/core';
import { engineSettings } from './support/engine-run.js';
import { createProducts, createReviews, sdlSubgraph } from './support/sample-subgraphs.js';
import { startGateway, type TestGateway } from './support/start-gateway.js';

const QUERY = 'query Shop { topProducts { name reviews { body } } }';

const start = (): Promise<TestGateway> =>
  startGateway(
    [createProducts(), createReviews()].map((subgraph) => ({ kind: 'local', subgraph })),
    { settings: { engine: { ...engineSettings, planner: 'hive' } } },
  );

/** Value of a series, written as in the Prometheus format without the prefix. */
async function valueOf({ send }: TestGateway, series: string): Promise<number | undefined> {
  const body = await (await send('/metrics')).text();
  const line = body.split('\n').find((one) => one.startsWith(`loom_gateway_${series} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

describe('metrics', () => {
  it('count requests by operation, fetches by subgraph, and what the caches did', async () => {
    await using test = await start();
    for (let times = 0; times < 3; times++) expect((await test.ask(QUERY)).errors).toBeUndefined();
    await test.ask('query Invented { nothing }');
    const series = [
      'requests_total{operation="Shop",outcome="success"}',
      'requests_total{operation="(invalid)",outcome="error"}',
      'request_duration_seconds_count{operation="Shop"}',
      'subgraph_fetch_duration_seconds_count{subgraph="products"}',
      'subgraph_fetch_duration_seconds_count{subgraph="reviews"}',
      'operation_cache_lookups_total{outcome="hit"}',
      'operation_cache_lookups_total{outcome="miss"}',
      'operation_cache_entries{kept="text"}',
      'operation_cache_entries{kept="compiled"}',
      'operation_prepare_duration_seconds_count',
      'plans_total{outcome="planned"}',
      'plan_duration_seconds_count',
      'coalesced_requests_total',
      'coalescing_open',
      'requests_in_flight',
      'supergraph_generation',
      'planner_info{planner="hive"}',
    ];
    const values = await Promise.all(series.map(async (one) => [one, await valueOf(test, one)] as const));
    expect(Object.fromEntries(values)).toEqual(
      Object.fromEntries(series.map((one, index) => [one, [3, 1, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1][index]])),
    );
    expect(await valueOf(test, 'operation_cache_bytes{kept="compiled"}')).toBeGreaterThan(QUERY.length);
  });

  it('count the generations of the supergraph', async () => {
    await using test = await start();
    expect(await valueOf(test, 'supergraph_generation')).toBe(1);
    await test.gateway.replaceSubgraph({ kind: 'local', subgraph: createProducts() });
    expect(await valueOf(test, 'supergraph_generation')).toBe(2);
  });

  it('count persisted operations by what became of the hash', async () => {
    await using test = await start();
    const sha256Hash = createHash('sha256').update(QUERY).digest('hex');
    const ask = (query?: string): Promise<Response> =>
      test.send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
      });
    await ask();
    await ask(QUERY);
    expect(await (await ask()).json()).toMatchObject({ data: { topProducts: [{}, {}] } });
    expect(await valueOf(test, 'persisted_operation_lookups_total{outcome="miss"}')).toBe(1);
    expect(await valueOf(test, 'persisted_operation_lookups_total{outcome="hit"}')).toBe(1);
    expect(await valueOf(test, 'persisted_operations_registered_total')).toBe(1);
  });
});

describe('errors that nobody is shown', () => {
  it('are counted by subgraph and logged with their code', async () => {
    const sizes = sdlSubgraph('sizes', 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! size: Int }', {
      Query: { thing: () => ({ id: '1' }) },
      Thing: {
        size: () => {
          throw new LoomError('NOT_FOUND', 'No scales.');
        },
      },
    });
    const costs = sdlSubgraph(
      'costs',
      'type Thing @key(fields: "id") { id: ID! size: Int @external cost: Int @requires(fields: "size") }',
      { Thing: { __resolveReference: (thing: object) => thing, cost: () => 7 } },
    );
    await using test = await startGateway([sizes, costs].map((subgraph) => ({ kind: 'local', subgraph })));
    // What is required is null because of the error, and the field that requires it is not.
    expect(await test.ask('query Cost { thing { cost } }')).toEqual({ data: { thing: { cost: 7 } } });
    expect(await valueOf(test, 'subgraph_errors_dropped_total{subgraph="sizes"}')).toBe(1);
    const lines = test.logger.lines.filter(({ message }) => message === 'An error cost nothing and is not shown');
    expect(lines.map(({ level, fields }) => ({ level, ...fields }))).toMatchObject([
      { level: 'debug', operationName: 'Cost', subgraph: 'sizes', code: 'NOT_FOUND', path: 'thing.size' },
    ]);
  });
});

describe('the access log', () => {
  it('says what an answer took', async () => {
    await using test = await start();
    await test.ask(QUERY);
    await test.ask(QUERY);
    await test.ask('{ nothing }');
    const lines = test.logger.lines.filter(({ message }) => message === 'Request').map(({ fields }) => fields);
    expect(lines).toMatchObject([
      { operationName: 'Shop', operationCache: 'miss', fetches: 2, fetchMs: expect.any(Number), planMs: expect.any(Number) },
      { operationName: 'Shop', operationCache: 'hit', fetches: 2, fetchMs: expect.any(Number) },
      { outcome: 'error' },
    ]);
    expect(lines[1]).not.toHaveProperty('planMs');
    expect(lines[2]).not.toHaveProperty('fetches');
  });
});
