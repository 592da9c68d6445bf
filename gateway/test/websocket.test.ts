import { request } from 'node:http';
import { setImmediate as tick } from 'node:timers/promises';
import { createMemoryRevocationList, signDevelopmentToken } from '@loomgraph/auth';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { defaultLiveSettings } from '../src/live/live-settings.js';
import { engineSettings } from './support/engine-run.js';
import { createBus, createLiveProducts, createLiveReviews, publish } from './support/live-subgraphs.js';
import { JWT_SECRET, startGateway } from './support/start-gateway.js';

const CHANGED = 'subscription { productChanged { name stars } }';

async function start(live: Partial<typeof defaultLiveSettings> = {}) {
  const products = createLiveProducts();
  const bus = createBus();
  const revocations = createMemoryRevocationList();
  const gateway = await startGateway(
    [
      { kind: 'local', subgraph: products.subgraph },
      { kind: 'local', subgraph: createLiveReviews() },
    ],
    {
      bus,
      revocations,
      settings: { engine: { ...engineSettings, maskErrors: true, live: { ...defaultLiveSettings, ...live } }, shutdownGraceMs: 500 },
    },
  );
  const url = `${gateway.gateway.url.replace('http', 'ws')}/graphql`;
  const clients: Client[] = [];
  return {
    products,
    bus,
    gateway,
    revocations,
    url,
    /** With the library that most clients use. */
    client(connectionParams: Record<string, unknown> = {}, closed: (event: { code: number }) => void = () => undefined): Client {
      const client = createClient({
        url,
        webSocketImpl: WebSocket,
        connectionParams,
        retryAttempts: 0,
        lazy: true,
        on: { closed: (event) => closed(event as { code: number }) },
      });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.terminate();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

const token = (userId: string, ttlSeconds = 600): Promise<string> => signDevelopmentToken({ secret: JWT_SECRET, userId, ttlSeconds });
const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await tick();
};

/** A connection without a library; answers what it was sent, and how it was closed. */
async function raw(url: string, options: { readonly protocol?: string; readonly origin?: string } = {}) {
  const socket = new WebSocket(
    url,
    options.protocol ?? 'graphql-transport-ws',
    options.origin === undefined ? {} : { origin: options.origin },
  );
  const received: string[] = [];
  socket.on('message', (data) => received.push((data as Buffer).toString())); // what `ws` hands out
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const failed = new Promise<string>((resolve) => socket.on('error', ({ message }) => resolve(message)));
  await new Promise<void>((resolve) => {
    socket.on('open', resolve);
    socket.on('error', () => resolve());
  });
  return { socket, received, closed, failed };
}

describe('G5 WebSocket', () => {
  it('carries subscriptions, queries and mutations of one connection', async () => {
    await using running = await start();
    const client = running.client();
    const events = client.iterate({ query: CHANGED });
    const first = events.next();
    const query = await client.iterate({ query: '{ product(id: "p2") { name } }' }).next();
    expect(query.value).toEqual({ data: { product: { name: 'Table' } } });
    await until(async () => (await running.gateway.metrics.render()).body.includes('gateway_subscriptions 1'));
    await publish(running.bus, 'p1');
    expect((await first).value).toEqual({ data: { productChanged: { name: 'Chair', stars: 5 } } });
    await events.return?.();
    await until(async () => (await running.gateway.metrics.render()).body.includes('gateway_subscriptions 0'));
  });

  it('knows who asks by connection_init, and refuses who brings a wrong token', async () => {
    await using running = await start();
    const query = '{ product(id: "p1") { name } }';
    expect(
      (
        await running
          .client({ Authorization: `Bearer ${await token('ann')}` })
          .iterate({ query })
          .next()
      ).value,
    ).toMatchObject({ data: {} });
    await expect(running.client({ authorization: 'Bearer wrong' }).iterate({ query }).next()).rejects.toMatchObject({ code: 4403 });
    const secret = running.client().iterate({ query: 'subscription { secretChanged { id } }' }).next();
    await expect(secret).rejects.toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
  });

  it('ends subscriptions of who may not any more: expired, revoked', async () => {
    await using running = await start();
    const of = (accessToken: string): Promise<unknown> =>
      running
        .client({ authorization: `Bearer ${accessToken}` })
        .iterate({ query: 'subscription { secretChanged { id } }' })
        .next();
    await expect(of(await token('ann', 2))).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    const revoked = of(await token('bob'));
    await until(async () => (await running.gateway.metrics.render()).body.includes('gateway_subscriptions 1'));
    await running.revocations.revoke({ kind: 'user', id: 'bob', at: new Date(), until: new Date(Date.now() + 600_000) });
    await expect(revoked).rejects.toMatchObject([{ message: 'Access was taken back.', extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('limits operations of a connection', async () => {
    await using running = await start({ maxPerCaller: 1 });
    const client = running.client();
    void client
      .iterate({ query: CHANGED })
      .next()
      .catch(() => undefined);
    await until(async () => (await running.gateway.metrics.render()).body.includes('gateway_subscriptions 1'));
    await expect(client.iterate({ query: CHANGED }).next()).rejects.toMatchObject([
      { extensions: { code: 'SUBSCRIPTION_LIMIT_EXCEEDED' } },
    ]);
  });

  it('asks clients to come back when the process ends', async () => {
    const running = await start();
    const codes: number[] = [];
    const client = running.client({}, ({ code }) => codes.push(code));
    void client
      .iterate({ query: CHANGED })
      .next()
      .catch(() => undefined);
    await until(async () => (await running.gateway.metrics.render()).body.includes('gateway_subscriptions 1'));
    await running.gateway.gateway.close();
    await until(() => codes.length > 0);
    expect(codes).toEqual([1012]);
  });

  it.each([
    ['an operation before connection_init', '{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}', 4401],
    ['what is no message', '{"type":"hello"}', 4400],
    ['what is no JSON', 'hello', 4400],
  ])('closes on %s', async (_name, text, code) => {
    await using running = await start();
    const { socket, closed } = await raw(running.url);
    socket.send(text);
    expect(await closed).toBe(code);
  });

  it('closes on a second connection_init, an id that is taken, and another protocol', async () => {
    await using running = await start();
    const twice = await raw(running.url);
    twice.socket.send('{"type":"connection_init"}');
    twice.socket.send('{"type":"connection_init"}');
    expect(await twice.closed).toBe(4429);
    const taken = await raw(running.url);
    taken.socket.send('{"type":"connection_init"}');
    await until(() => taken.received.length > 0);
    for (let sent = 0; sent < 2; sent += 1) taken.socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: CHANGED } }));
    expect(await taken.closed).toBe(4409);
    expect(await (await raw(running.url, { protocol: 'graphql-ws' })).failed).toMatch(/400/);
  });

  // Clients of HTTP/2, Java's for one, offer to upgrade each request: it would have been taken for a WebSocket.
  it('leaves requests alone that offer another protocol, or are for another path', async () => {
    await using running = await start();
    const ask = (path: string, upgrade: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade, 'content-type': 'application/json' };
        const sent = request(`${running.gateway.gateway.url}${path}`, { method: 'POST', headers }, ({ statusCode }) => resolve(statusCode));
        sent.on('error', reject);
        sent.end('{"query":"{ __typename }"}');
      });
    expect([await ask('/graphql', 'h2c'), await ask('/elsewhere', 'websocket')]).toEqual([200, 404]);
  });

  it('answers pings, and opens nothing for pages of other sites', async () => {
    await using running = await start();
    const { socket, received } = await raw(running.url);
    socket.send('{"type":"ping","payload":{"a":1}}');
    await until(() => received.length > 0);
    expect(received).toEqual(['{"type":"pong","payload":{"a":1}}']);
    socket.terminate();
    expect(await (await raw(running.url, { origin: 'https://elsewhere.example' })).failed).toContain('403');
  });
});
