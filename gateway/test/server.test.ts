import type { Health } from '@loomgraph/core';
import { createMetrics } from '@loomgraph/telemetry';
import { createProducts } from './support/sample-subgraphs.js';
import { scriptedSubgraph } from './support/servers.js';
import { startGateway, type GraphqlAnswer, type TestGatewayOptions } from './support/start-gateway.js';

const start = (options?: TestGatewayOptions) => startGateway([{ kind: 'local', subgraph: createProducts() }], options);
const store = (name: string, ok: boolean): Health => ({ name, backend: 'test', ok, latencyMs: 1 });

describe('health', () => {
  it('is live, and ready with every store and subgraph', async () => {
    await using test = await start({ health: async () => [store('relational', true)] });
    const live = await test.send('/health/live');
    expect([live.status, await live.json()]).toEqual([200, { status: 'live', instance: 'test' }]);
    const response = await test.send('/health/ready');
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        status: 'ready',
        instance: 'test',
        reasons: [],
        supergraph: { state: 'current', composedAt: expect.any(String), problems: [] },
        subgraphs: [{ name: 'products', kind: 'local', ok: true, stores: [] }],
        stores: [store('relational', true)],
      },
    ]);
  });

  it.each<[string, TestGatewayOptions, Health[], string]>([
    ['a store of the process is down', { health: async () => [store('graph', false)] }, [], 'store graph does not answer'],
    ['a store of a local subgraph is down', {}, [store('cache', false)], 'subgraph products lacks a store'],
    ['the stores cannot be asked', { health: () => Promise.reject(new Error('crash')) }, [], 'health check failed: crash'],
  ])('is not ready when %s', async (_title, options, health, reason) => {
    await using test = await startGateway([{ kind: 'local', subgraph: createProducts({ health }) }], options);
    const response = await test.send('/health/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'not ready', reasons: [reason] });
    expect((await test.send('/health/live')).status).toBe(200);
  });
});

describe('metrics', () => {
  it('include event loop lag and heap', async () => {
    const metrics = createMetrics({ defaultMetrics: true });
    await using test = await start({ metrics });
    const response = await test.send('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    const body = await response.text();
    expect(body).toContain('loom_nodejs_eventloop_lag_seconds');
    expect(body).toContain('loom_nodejs_heap_size_used_bytes');
  });
});

describe('landing page', () => {
  const html = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

  it('is GraphiQL, loads nothing from elsewhere, and is no operation', async () => {
    const landingPage = { title: 'Loom', defaultQuery: 'query Hello { topProducts { name } }', exampleToken: 'example.token' };
    await using test = await start({ settings: { landingPage } });
    const response = await test.send('/graphql', html);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain('query Hello');
    expect(page).toContain('Bearer example.token');
    expect(page).not.toMatch(/<script[^>]*\ssrc\s*=/i);
    expect(page).not.toMatch(/<link[^>]*href\s*=\s*["']?(https?:)?\/\//i);
    expect(page).not.toMatch(/@import\s+(url\()?["']?https?:|url\(["']?https?:/i);
    expect(test.logger.lines.filter(({ message }) => message === 'Request')).toEqual([]);
  });

  it('is where / leads', async () => {
    await using test = await start();
    const response = await test.send('/', { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/graphql']);
  });

  it('can be switched off', async () => {
    await using test = await start({ settings: { landingPage: undefined } });
    expect((await test.send('/graphql', html)).headers.get('content-type')).not.toContain('text/html');
    expect((await test.send('/')).status).toBe(404);
  });
});

describe('answers', () => {
  it('are compressed when they are large and the client can read it', async () => {
    await using test = await start();
    const query = encodeURIComponent('{ __schema { types { name fields { name description } } } }');
    const response = await test.send(`/graphql?query=${query}`, {
      headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip, br' },
    });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(((await response.json()) as GraphqlAnswer).errors).toBeUndefined();
  });
});

describe('extra routes', () => {
  it('are served beside GraphQL', async () => {
    await using test = await start({ extraRoutes: (app) => void app.get('/objects/:key', async () => 'bytes') });
    expect(await (await test.send('/objects/a')).text()).toBe('bytes');
  });
});

describe('shutdown', () => {
  const held = () => {
    let arrive = (): void => {};
    let proceed = (): void => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const gate = new Promise<void>((resolve) => (proceed = resolve));
    return { arrived, proceed: () => proceed(), products: createProducts({ onTopProducts: () => (arrive(), gate) }) };
  };

  it('is not ready at once, lets a request in flight finish, then closes', async () => {
    const { arrived, proceed, products } = held();
    await using test = await startGateway([{ kind: 'local', subgraph: products }]);
    const answer = test.ask('{ topProducts { name } }');
    await arrived;
    const closing = test.gateway.close();
    const ready = await test.send('/health/ready');
    expect([ready.status, await ready.json()]).toMatchObject([503, { reasons: ['shutting down'] }]);
    proceed();
    expect((await answer).data).toMatchObject({ topProducts: [{ name: 'Red chair' }, {}] });
    await closing;
    await expect(test.send('/health/live')).rejects.toThrow('fetch failed');
    await expect(test.gateway.close()).resolves.toBeUndefined();
  });

  it('does not wait for a remote subgraph that is being asked for its schema', async () => {
    await using reviews = await scriptedSubgraph('reviews', 'type Query { rating: Int }');
    await using test = await startGateway([reviews.source]);
    const asked = new Promise<void>((resolve) => {
      reviews.answerSdl = () => resolve();
    });
    const refreshing = test.gateway.refreshSupergraph();
    await asked;
    await test.gateway.close();
    expect(await refreshing).toEqual({ kind: 'unchanged' });
    expect(test.logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('cuts off what does not finish within the grace', async () => {
    const { arrived, proceed, products } = held();
    await using test = await startGateway([{ kind: 'local', subgraph: products }], { settings: { shutdownGraceMs: 20 } });
    const answer = test.ask('{ topProducts { name } }').catch((error: Error) => error.message);
    await arrived;
    await test.gateway.close();
    expect(await answer).toBe('fetch failed');
    expect(test.logger.lines).toContainEqual(expect.objectContaining({ level: 'warn', message: 'Requests were cut off' }));
    proceed();
  });
});
