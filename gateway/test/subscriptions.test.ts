import { setImmediate as tick } from 'node:timers/promises';
import type { Bus } from '@loomgraph/stores/bus';
import { createBus, createLiveProducts, createLiveReviews, LIVE_PRODUCTS_SDL, publish } from './support/live-subgraphs.js';
import { openEvents } from './support/read-events.js';
import { bearer, startGateway, type GraphqlAnswer, type TestGateway } from './support/start-gateway.js';
import { engineSettings } from './support/engine-run.js';
import { defaultLiveSettings } from '../src/live/live-settings.js';

const CHANGED = 'subscription($ids: [ID!]) { productChanged(ids: $ids) { name } }';
const ACROSS = 'subscription { changed: productChanged { id title: name stars shipping __typename } }';

async function start(options: { readonly bus?: Bus; readonly live?: Partial<typeof defaultLiveSettings> } = {}) {
  const products = createLiveProducts();
  const bus = options.bus ?? createBus();
  const engine = { ...engineSettings, maskErrors: true, live: { ...defaultLiveSettings, spreadMs: 20, ...options.live } };
  const gateway = await startGateway(
    [
      { kind: 'local', subgraph: products.subgraph },
      { kind: 'local', subgraph: createLiveReviews() },
    ],
    { bus, settings: { engine, shutdownGraceMs: 2_000 } },
  );
  return { products, bus, gateway, url: `${gateway.gateway.url}/graphql`, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

const counted = async ({ metrics }: TestGateway, name: string): Promise<number> =>
  Number(new RegExp(`^loom_${name} (\\d+)`, 'm').exec((await metrics.render()).body)?.[1]);
const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await tick();
};

describe('G5 events of the bus', () => {
  it('are answered with fields of every subgraph, with an id, each as a graphql-sse event', async () => {
    await using running = await start();
    const events = await openEvents(running.url, ACROSS);
    expect([events.response.status, events.response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const id = await publish(running.bus, 'p1');
    expect(await events.next()).toEqual({
      event: 'next',
      id: expect.stringMatching(new RegExp(`^\\d+-${id}$`)),
      data: { data: { changed: { id: 'p1', title: 'Chair', stars: 5, shipping: 10, __typename: 'Product' } } },
    });
    running.products.names.set('p2', 'Desk');
    await publish(running.bus, 'p2');
    expect((await events.next())!.data.data.changed).toMatchObject({ title: 'Desk', stars: 3 });
    expect(await counted(running.gateway, 'gateway_subscriptions')).toBe(1);
    events.close();
    await until(async () => (await counted(running.gateway, 'gateway_subscriptions')) === 0);
    expect(await counted(running.gateway, 'gateway_subscription_events_total')).toBe(2);
  });

  it('pass filters by arguments, and only of the types that were declared', async () => {
    await using running = await start();
    const events = await openEvents(running.url, CHANGED, { variables: { ids: ['p2'] } });
    await publish(running.bus, 'p1');
    await publish(running.bus, 'p2', 'products.weighed');
    await publish(running.bus, 'p2');
    expect((await events.next())!.data).toEqual({ data: { productChanged: { name: 'Table' } } });
    await publish(running.bus, 'p2');
    expect((await events.next())!.data).toEqual({ data: { productChanged: { name: 'Table' } } });
    events.close();
  });

  it('about an entity that is not there any more are left out', async () => {
    await using running = await start();
    const events = await openEvents(running.url, CHANGED);
    running.products.names.delete('p1');
    await publish(running.bus, 'p1');
    await publish(running.bus, 'p2');
    expect((await events.next())!.data).toEqual({ data: { productChanged: { name: 'Table' } } });
    events.close();
  });

  it('are refused with a code where there is no bus', async () => {
    await using gateway = await startGateway([{ kind: 'local', subgraph: createLiveProducts().subgraph }]);
    const response = await gateway.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: CHANGED }),
    });
    expect([response.status, codesOf(await response.json())]).toEqual([501, ['CAPABILITY_NOT_CONFIGURED']]);
  });
});

const codesOf = (answer: unknown): unknown[] => ((answer as GraphqlAnswer).errors ?? []).map(({ extensions }) => extensions['code']);

describe('G5 a subgraph’s own subscription', () => {
  it('is answered with fields of others, told who asks, and ends when it ends', async () => {
    await using running = await start();
    const query = 'subscription { countdown(from: 2) { name shipping stars } }';
    const events = await openEvents(running.url, query, { headers: await bearer('ann') });
    running.products.step();
    expect((await events.next())!.data).toEqual({ data: { countdown: { name: '2 for ann', shipping: 2, stars: 5 } } });
    running.products.step();
    expect(await events.next()).toMatchObject({ event: 'next', id: undefined });
    running.products.step();
    expect(await events.next()).toEqual({ event: 'complete', id: undefined, data: undefined });
    expect(await events.next()).toBeUndefined();
    expect(running.products.open).toBe(0);
  });

  it('ends when its client goes away', async () => {
    await using running = await start();
    const events = await openEvents(running.url, 'subscription { countdown(from: 2) { name } }');
    running.products.step();
    await events.next();
    expect(running.products.open).toBe(1);
    events.close();
    running.products.step();
    await until(() => running.products.open === 0);
  });
});

describe('G5 requests for a stream', () => {
  it.each([
    ['a subscription for JSON', CHANGED, 'application/json', 406],
    ['a subscription for anything', CHANGED, '*/*', 406],
    ['what does not fit the schema', 'subscription { nothing { id } }', 'text/event-stream', 400],
    ['two root fields', 'subscription { productChanged { id } countdown(from: 1) { id } }', 'text/event-stream', 400],
    ['what its caller may not have', 'subscription { secretChanged { id } }', 'text/event-stream', 401],
  ])('%s: is refused', async (_name, query, accept, status) => {
    await using running = await start();
    const response = await running.gateway.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
    });
    expect(response.status).toBe(status);
    expect(codesOf(await response.json())).toHaveLength(1);
  });

  it('take a query, too', async () => {
    await using running = await start();
    const events = await openEvents(running.url, '{ product(id: "p1") { name } }');
    expect((await events.next())!.data).toEqual({ data: { product: { name: 'Chair' } } });
    expect(await events.next()).toMatchObject({ event: 'complete' });
  });

  it('are refused where a caller has as many open as are allowed', async () => {
    await using running = await start({ live: { maxPerCaller: 1 } });
    const first = await openEvents(running.url, CHANGED);
    const second = await openEvents(running.url, CHANGED);
    expect(second.response.status).toBe(429);
    const other = await openEvents(running.url, CHANGED, { headers: await bearer('ann') });
    expect(other.response.status).toBe(200);
    first.close();
    await until(async () => (await counted(running.gateway, 'gateway_subscriptions')) === 1);
    const third = await openEvents(running.url, CHANGED);
    expect(third.response.status).toBe(200);
    third.close();
    other.close();
  });
});

describe('G5 resume', () => {
  it('goes on after the last event, in this process or another one on the same bus', async () => {
    const bus = createBus();
    let lastEventId: string;
    {
      await using running = await start({ bus });
      const events = await openEvents(running.url, CHANGED);
      await publish(bus, 'p1');
      lastEventId = (await events.next())!.id!;
      events.close();
    }
    const missed = [await publish(bus, 'p1'), await publish(bus, 'p1')];
    await using running = await start({ bus });
    const events = await openEvents(running.url, CHANGED, { headers: { 'last-event-id': lastEventId } });
    for (const id of missed) expect((await events.next())!.id).toMatch(new RegExp(`-${id}$`));
    const later = await publish(bus, 'p2');
    expect((await events.next())!.id).toMatch(new RegExp(`-${later}$`));
    expect(await counted(running.gateway, 'gateway_subscriptions_resumed_total')).toBe(1);
    events.close();
  });

  it('is refused where not all of it is kept, and for what is no id', async () => {
    await using running = await start();
    const of = async (id: string): Promise<unknown[]> => {
      const { response } = await openEvents(running.url, CHANGED, { headers: { 'last-event-id': id } });
      return [response.status];
    };
    expect(await of('1000-m0')).toEqual([410]);
    expect(await of('now')).toEqual([400]);
  });
});

describe('G5 a changed schema', () => {
  it('is taken up by live operations: nothing is missed, what it adds is there', async () => {
    await using running = await start();
    const events = await openEvents(running.url, CHANGED);
    await publish(running.bus, 'p1');
    await events.next();
    const changed = createLiveProducts(LIVE_PRODUCTS_SDL.replace('weightGrams: Int! }', 'weightGrams: Int! colour: String }'));
    changed.names.set('p1', 'Stool');
    await running.gateway.gateway.replaceSubgraph({ kind: 'local', subgraph: changed.subgraph });
    await until(async () => {
      await publish(running.bus, 'p1');
      return (await events.next())!.data.data.productChanged.name === 'Stool';
    });
    events.close();
  });

  it('ends those that do not fit it any more, with the reason', async () => {
    await using running = await start();
    const events = await openEvents(running.url, CHANGED);
    const changed = createLiveProducts(LIVE_PRODUCTS_SDL.replaceAll('name: String!', 'title: String!'));
    await running.gateway.gateway.replaceSubgraph({ kind: 'local', subgraph: changed.subgraph });
    const { data } = (await events.next())!;
    expect(data.errors[0]).toMatchObject({
      message: expect.stringContaining('Cannot query field "name"'),
      extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' },
    });
    expect(await events.next()).toMatchObject({ event: 'complete' });
  });
});

describe('G5 ends', () => {
  it('with the advice to come back when the process ends', async () => {
    const running = await start();
    const events = await openEvents(running.url, CHANGED);
    const closing = running.gateway.gateway.close();
    expect(await events.next()).toBeUndefined();
    expect(events.text()).toMatch(/retry: \d+\n\n$/);
    await closing;
  });

  it('where a client does not read, and says so in the metrics', async () => {
    await using running = await start({ live: { queue: { maxItems: 5, maxBytes: 1_000_000 } } });
    running.products.names.set('p1', 'x'.repeat(2_000_000));
    const events = await openEvents(running.url, CHANGED);
    await until(async () => {
      await publish(running.bus, 'p1');
      return (await counted(running.gateway, 'gateway_subscriptions')) === 0;
    });
    expect((await running.gateway.metrics.render()).body).toContain('gateway_subscriptions_ended_total{reason="slow_consumer"} 1');
    const readAll = async (): Promise<void> => {
      while ((await events.next()) !== undefined);
    };
    await expect(readAll()).rejects.toThrow('terminated');
  });
});
