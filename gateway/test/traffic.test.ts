import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { SubgraphRequest } from '@loomgraph/subgraph-kit';
import { defaultTraffic, type TrafficSettings } from '../src/subgraphs/traffic/traffic-settings.js';
import { engineSettings } from './support/engine-run.js';
import { sdlSubgraph } from './support/sample-subgraphs.js';
import { host, scriptedSubgraph, type ScriptedSubgraph } from './support/servers.js';
import { startGateway, type TestGateway, type TestGatewayOptions } from './support/start-gateway.js';

const SDL =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")\ntype Query { n: Int other: Int } type Mutation { set: Int }';
const json =
  (body: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(body);
const ok = json('{"data":{"n":1}}');
const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(code, { 'content-type': 'text/html', ...headers }).end('<html>');
const lost: RequestListener = (_request, response) => void response.destroy();
const hung: RequestListener = () => undefined;

interface Counted extends ScriptedSubgraph {
  hits: number;
  readonly requests: IncomingMessage[];
  /** What answers; the last one for good. */
  script: RequestListener[];
}

async function counted(...script: RequestListener[]): Promise<Counted> {
  const server = await scriptedSubgraph('one', SDL);
  const all: Counted = Object.assign(server, { hits: 0, requests: [], script });
  server.answer = (request, response) => {
    all.requests.push(request);
    const answer = all.script[Math.min(all.hits, all.script.length - 1)] ?? ok;
    all.hits += 1;
    answer(request, response);
  };
  return all;
}

const traffic = (more: Partial<TrafficSettings>): TrafficSettings => ({ ...defaultTraffic, probeIntervalMs: 0, ...more });
const neverOpens = { ...defaultTraffic.breaker, failuresInARow: 1_000_000, failureRatio: 2 };

/** Nothing is shared between requests, so that each fetch is sent. */
async function gatewayOf(replicas: readonly Counted[], settings: TestGatewayOptions['settings'] = {}): Promise<TestGateway> {
  const url = replicas.map((replica) => replica.url).join('|');
  return startGateway([{ kind: 'remote', name: 'one', url }], { settings: { traffic: traffic({}), startupWaitMs: 30_000, ...settings } });
}

async function metric(test: TestGateway, name: string): Promise<number> {
  const line = (await (await test.send('/metrics')).text()).split('\n').find((one) => one.startsWith(`loom_${name}`));
  return line === undefined ? NaN : Number(line.split(' ').at(-1));
}

/** Waits for what must come about. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await condition()); await sleep(10))
    if (Date.now() > end) throw new Error('It did not come about.');
}

describe('G7: a fetch that fails', () => {
  it.each<[string, RequestListener]>([
    ['a lost connection', lost],
    ['status 502', status(502)],
    ['status 503', status(503)],
    ['status 503 that asks to wait', status(503, { 'retry-after': '1' })],
    ['status 429', status(429, { 'retry-after': '0' })],
  ])('is tried again after %s', async (_title, failing) => {
    await using one = await counted(failing, ok);
    await using test = await gatewayOf([one]);
    expect(await test.ask('{ n }')).toEqual({ data: { n: 1 } });
    expect(one.hits).toBe(2);
    expect(await metric(test, 'gateway_subgraph_retries_total{subgraph="one"}')).toBe(1);
  });

  it.each<[string, string, RequestListener]>([
    ['that may have written', 'mutation { set }', lost],
    ['with status 500', '{ n }', status(500)],
    ['with an answer that is no GraphQL', '{ n }', json('[]')],
    ['with status 503 that asks to wait longer than it may take', '{ n }', status(503, { 'retry-after': '3600' })],
  ])('is not tried again where it is one %s', async (_title, query, failing) => {
    await using one = await counted(failing);
    await using test = await gatewayOf([one]);
    expect((await test.ask(query)).errors?.[0]?.extensions['code']).toBe('SUBGRAPH_UNAVAILABLE');
    expect(one.hits).toBe(1);
  });

  it('is tried three times at most', async () => {
    await using one = await counted(lost);
    await using test = await gatewayOf([one]);
    await test.ask('{ n }');
    expect(one.hits).toBe(3);
  });

  it('is not tried again when the budget is used up, so that load does not multiply', async () => {
    await using one = await counted(status(503));
    const retries = { maxAttempts: 3, ratio: 0.1, reserve: 2 };
    await using test = await gatewayOf([one], { traffic: traffic({ retries, breaker: neverOpens }) });
    for (let i = 0; i < 20; i++) await test.ask('{ n }');
    // 20, and 2 that were saved, and 2 paid for by 20.
    expect(one.hits).toBeGreaterThanOrEqual(22);
    expect(one.hits).toBeLessThanOrEqual(24);
    expect(await metric(test, 'gateway_subgraph_retry_budget_exhausted_total{subgraph="one"}')).toBeGreaterThan(10);
  });
});

describe('G7: the breaker', () => {
  it('spares a subgraph that fails, says when to come back, and lets it serve again', async () => {
    await using one = await counted(status(500));
    const breaker = { ...defaultTraffic.breaker, failuresInARow: 2, openMs: 1_500 };
    await using test = await gatewayOf([one], { traffic: traffic({ breaker }) });
    await test.ask('{ n }');
    await test.ask('{ n }');
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ n __typename }"}' };
    const refused = await test.send('/graphql', request);
    expect(refused.headers.get('retry-after')).toMatch(/^[12]$/);
    expect(await refused.json()).toMatchObject({
      data: { n: null, __typename: 'Query' },
      errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
    expect(one.hits).toBe(2);
    expect(await metric(test, 'gateway_subgraph_unsent_total{subgraph="one",reason="breaker"}')).toBe(1);
    expect(await metric(test, 'gateway_replica_ejections_total')).toBe(1);
    one.script = [ok];
    await until(async () => (await test.ask('{ n }')).data?.['n'] === 1);
    expect(await metric(test, 'gateway_replica_breaker_state')).toBe(0);
  });

  it('opens for mutations, too, and not for what a subgraph answers with errors', async () => {
    await using one = await counted(json('{"data":{"n":null},"errors":[{"message":"no"}]}'));
    const breaker = { ...defaultTraffic.breaker, failuresInARow: 2, openMs: 60_000 };
    await using test = await gatewayOf([one], { traffic: traffic({ breaker }) });
    for (let i = 0; i < 4; i++) await test.ask('{ n }');
    expect(one.hits).toBe(4);
    one.script = [lost];
    for (let i = 0; i < 4; i++) await test.ask('mutation { set }');
    expect(one.hits).toBe(6);
  });
});

describe('G7: several replicas', () => {
  it('all answer', async () => {
    await using one = await counted(ok);
    await using two = await counted(ok);
    await using test = await gatewayOf([one, two]);
    for (let i = 0; i < 60; i++) await test.ask('{ n }');
    expect(one.hits + two.hits).toBe(60);
    expect(Math.min(one.hits, two.hits)).toBeGreaterThan(0);
  });

  it('lose one without a client noticing, and have it back', async () => {
    await using one = await counted(ok);
    await using two = await counted(ok);
    const breaker = { ...defaultTraffic.breaker, failuresInARow: 2, openMs: 200 };
    await using test = await gatewayOf([one, two], { traffic: traffic({ breaker }) });
    one.script = [lost];
    for (let i = 0; i < 60; i++) expect(await test.ask('{ n }')).toEqual({ data: { n: 1 } });
    await until(async () => (await test.ask('{ n }')) && (await metric(test, 'gateway_replica_ejections_total')) > 0);
    const before = one.hits;
    one.script = [ok];
    await until(async () => (await test.ask('{ n }')) && one.hits > before + 5);
  });

  it('lose one that is killed', async () => {
    const one = await counted(ok);
    await using two = await counted(ok);
    await using test = await gatewayOf([one, two]);
    await one[Symbol.asyncDispose]();
    for (let i = 0; i < 40; i++) expect(await test.ask('{ n }')).toEqual({ data: { n: 1 } });
    expect(two.hits).toBe(40);
  });

  it('stand in for one that hangs', async () => {
    await using one = await counted(hung);
    await using two = await counted(ok);
    await using test = await gatewayOf([one, two], { subgraphTimeoutMs: 1_500 });
    await until(async () => {
      expect(await test.ask('{ n }')).toEqual({ data: { n: 1 } });
      return one.hits > 0;
    });
    for (let i = 0; i < 20; i++) expect(await test.ask('{ n }')).toEqual({ data: { n: 1 } });
    // How long it took counts against it long before its breaker opens.
    expect(one.hits).toBeLessThan(4);
    expect(two.hits).toBeGreaterThan(20);
  });

  it('are left out while they say that they are not ready, unless all say so', async () => {
    await using one = await counted(ok);
    await using two = await counted(ok);
    const unready = (server: Counted, isReady: boolean): void => {
      const { answer } = server;
      server.answer = (request, response) =>
        request.url === '/health/ready' ? void response.writeHead(isReady ? 200 : 503).end() : answer(request, response);
    };
    unready(one, false);
    unready(two, true);
    await using test = await gatewayOf([one, two], { traffic: traffic({ probeIntervalMs: 50 }) });
    await until(() => test.logger.lines.some(({ message }) => message === 'Replica is not ready'));
    const before = one.hits;
    for (let i = 0; i < 20; i++) await test.ask('{ n }');
    expect(one.hits).toBe(before);
    unready(two, false);
    await until(() => test.logger.lines.filter(({ message }) => message === 'Replica is not ready').length === 2);
    expect(await test.ask('{ n }')).toEqual({ data: { n: 1 } });
  });
});

describe('G7: how much is under way', () => {
  it('is bounded for each subgraph', async () => {
    await using one = await counted(hung);
    await using test = await gatewayOf([one], { traffic: traffic({ maxInFlight: 1 }) });
    const waiting = test.ask('mutation { set }').catch(() => undefined);
    await until(() => one.hits === 1);
    const refused = await test.ask('{ n }');
    expect(refused.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', details: { retryAfterSeconds: 1 } } }]);
    expect(await metric(test, 'gateway_subgraph_unsent_total{subgraph="one",reason="limit"}')).toBe(1);
    await waiting;
  });

  it('is bounded for the gateway, while its health stays true', async () => {
    await using one = await counted(hung);
    await using test = await gatewayOf([one], { overload: { maxInFlight: 1, maxLagMs: 0 } });
    const waiting = test.ask('mutation { set }').catch(() => undefined);
    await until(() => one.hits === 1);
    const refused = await test.send('/graphql?query={n}', { headers: { 'apollo-require-preflight': 'true' } });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED', details: { retryAfterSeconds: 1 } } }] });
    expect((await test.send('/health/ready')).status).toBe(200);
    expect(await metric(test, 'gateway_overload_refusals_total{reason="in_flight"}')).toBe(1);
    await waiting;
    one.script = [ok];
    expect(await test.ask('{ n }')).toEqual({ data: { n: 1 } });
  });
});

describe('G7: what nobody waits for any more', () => {
  const seen = () => {
    const state: { signal?: AbortSignal | undefined; hits: number } = { hits: 0 };
    const wait = (_: unknown, __: unknown, { cancellation }: SubgraphRequest): Promise<number> => {
      state.hits += 1;
      state.signal = cancellation?.signal;
      return new Promise((resolve, reject) => {
        state.signal?.addEventListener('abort', () => reject(state.signal?.reason as Error));
        if (state.signal === undefined) setTimeout(() => resolve(1), 300);
      });
    };
    return { state, subgraph: sdlSubgraph('one', SDL, { Query: { n: wait, other: () => 2 }, Mutation: { set: wait } }) };
  };
  const post = (query: string, signal?: AbortSignal): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(signal === undefined ? {} : { signal }),
  });

  describe.each(['local', 'remote'] as const)('of a %s subgraph', (kind) => {
    it('is cancelled when the client goes', async () => {
      const { state, subgraph } = seen();
      await using hosted = await host(kind, subgraph);
      await using test = await startGateway([hosted.source]);
      const client = new AbortController();
      const asking = test.send('/graphql', post('{ n }', client.signal)).catch(() => undefined);
      await until(() => state.signal !== undefined);
      expect(state.signal?.aborted).toBe(false);
      client.abort();
      await until(() => state.signal?.aborted === true);
      await asking;
    });

    it('goes on while one of those who share it waits', async () => {
      const { state, subgraph } = seen();
      await using hosted = await host(kind, subgraph);
      await using test = await startGateway([hosted.source], { settings: { engine: { ...engineSettings, coalescing: true } } });
      const [first, second] = [new AbortController(), new AbortController()];
      const asking = [first, second].map(({ signal }) => test.send('/graphql', post('{ n }', signal)).catch(() => undefined));
      await until(async () => state.hits === 1 && (await metric(test, 'gateway_coalesced_requests_total')) === 1);
      first.abort();
      await until(async () => (await metric(test, 'gateway_requests_in_flight')) === 1);
      expect(state.signal?.aborted).toBe(false);
      second.abort();
      await until(() => state.signal?.aborted === true);
      await Promise.all(asking);
    });

    it('is not cancelled where it writes', async () => {
      const { state, subgraph } = seen();
      await using hosted = await host(kind, subgraph);
      await using test = await startGateway([hosted.source], { settings: { operationTimeoutMs: 50 } });
      expect(await test.ask('mutation { set }')).toEqual({ data: { set: 1 } });
      expect([state.hits, state.signal]).toEqual([1, undefined]);
    });

    it('costs its own branch when the time of the operation is over', async () => {
      const { state, subgraph } = seen();
      await using hosted = await host(kind, subgraph);
      const two = sdlSubgraph('two', 'type Query { quick: Int }', { Query: { quick: () => 2 } });
      await using test = await startGateway([hosted.source, { kind: 'local', subgraph: two }], { settings: { operationTimeoutMs: 500 } });
      expect(await test.ask('{ n quick }')).toMatchObject({
        data: { n: null, quick: 2 },
        errors: [{ path: ['n'], extensions: { code: 'OPERATION_TIMEOUT' } }],
      });
      await until(() => state.signal?.aborted === true);
    });
  });

  it('ends the request to the subgraph, which was told how long it has', async () => {
    await using one = await counted(hung);
    await using test = await gatewayOf([one], { operationTimeoutMs: 2_000, subgraphTimeoutMs: 5_000 });
    const client = new AbortController();
    const asking = test.send('/graphql', post('{ n }', client.signal)).catch(() => undefined);
    await until(() => one.hits === 1);
    const [request] = one.requests;
    const told = Number(request?.headers['x-loom-timeout-ms']);
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(2_000);
    const closed = new Promise((resolve) => request?.socket.once('close', resolve));
    client.abort();
    await closed;
    await asking;
    expect(one.hits).toBe(1);
  });
});
