import { createProducts, createReviews, PRODUCTS_SDL, REVIEWS_SDL, sdlSubgraph } from './support/sample-subgraphs.js';
import { host, rawServer, scriptedSubgraph } from './support/servers.js';
import { startGateway, type TestGateway } from './support/start-gateway.js';

const local = (subgraph: ReturnType<typeof createProducts>) => ({ kind: 'local' as const, subgraph });
const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@shareable"])';

interface Ready {
  status: string;
  reasons: string[];
  supergraph: { state: string; problems: { code: string; text: string; locations: object[] }[] };
  subgraphs: { name: string; kind: string; ok: boolean; message?: string }[];
}

async function ready({ send }: TestGateway): Promise<{ code: number; body: Ready }> {
  const response = await send('/health/ready');
  return { code: response.status, body: (await response.json()) as Ready };
}

async function metric({ send }: TestGateway, name: string): Promise<string | undefined> {
  const lines = (await (await send('/metrics')).text()).split('\n');
  return lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
}

describe('hot reload', () => {
  it('serves a replaced local subgraph from the next request on', async () => {
    await using test = await startGateway([local(createProducts()), local(createReviews())]);
    expect((await test.ask('{ discounts }')).errors![0]!.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');

    const sdl = PRODUCTS_SDL.replace('caller: String', 'caller: String discounts: [Int!]');
    const changed = createProducts({
      sdl,
      resolvers: { Query: { discounts: () => [5, 10], topProducts: () => [{ id: 'p9', name: 'New' }] } },
    });
    expect(await test.gateway.replaceSubgraph(local(changed))).toEqual({ kind: 'updated' });
    expect(await test.ask('{ discounts topProducts { name reviews { body } } }')).toEqual({
      data: { discounts: [5, 10], topProducts: [{ name: 'New', reviews: [] }] },
    });
    expect(test.logger.lines.map(({ message }) => message)).toContain('Supergraph updated');
  });

  it('swaps a local subgraph whose schema stayed the same', async () => {
    await using test = await startGateway([local(createProducts())]);
    const same = createProducts({ resolvers: { Query: { caller: () => 'the second one' } } });
    expect(await test.gateway.replaceSubgraph(local(same))).toEqual({ kind: 'updated' });
    expect((await test.ask('{ caller }')).data).toEqual({ caller: 'the second one' });
    expect(await test.gateway.refreshSupergraph()).toEqual({ kind: 'unchanged' });
  });

  it('lets a request in flight finish on the subgraph it began with', async () => {
    let arrive = (): void => {};
    let proceed = (): void => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const held = new Promise<void>((resolve) => (proceed = resolve));
    const slow = createProducts({ onTopProducts: () => (arrive(), held) });
    await using test = await startGateway([local(slow), local(createReviews())]);
    const answer = test.ask('{ topProducts { name reviews { body } } }');
    await arrived;
    await test.gateway.replaceSubgraph(local(createProducts({ sdl: PRODUCTS_SDL.replace('caller: String', 'caller: String extra: Int') })));
    proceed();
    expect(await answer).toMatchObject({ data: { topProducts: [{ name: 'Red chair', reviews: [{ body: 'Too red' }] }, {}] } });
  });

  it('takes up the new schema of a remote subgraph at the next poll', async () => {
    await using reviews = await scriptedSubgraph('reviews', `${FEDERATION}\n${REVIEWS_SDL}`);
    await using test = await startGateway([local(createProducts()), reviews.source]);
    reviews.sdl = `${FEDERATION}\n${REVIEWS_SDL.replace('latestReview: Review', 'latestReview: Review reviewCount: Int')}`;
    reviews.answer = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"reviewCount":2}}');
    expect((await test.ask('{ reviewCount }')).errors).toHaveLength(1);
    expect(await test.gateway.refreshSupergraph()).toEqual({ kind: 'updated' });
    expect(await test.ask('{ reviewCount }')).toEqual({ data: { reviewCount: 2 } });
  });

  it('polls by itself', async () => {
    await using reviews = await scriptedSubgraph('reviews', `${FEDERATION}\n${REVIEWS_SDL}`);
    await using test = await startGateway([local(createProducts()), reviews.source], { settings: { pollIntervalMs: 5 } });
    reviews.sdl = `${FEDERATION}\n${REVIEWS_SDL.replace('latestReview: Review', 'latestReview: Review reviewCount: Int')}`;
    const query = '{ __type(name: "Query") { fields { name } } }';
    for (;;) {
      const { __type } = (await test.ask(query)).data as { __type: { fields: { name: string }[] } };
      const names = __type.fields.map(({ name }) => name);
      if (names.includes('reviewCount')) break;
    }
  });
});

describe('a composition that fails', () => {
  const conflicting = () => createProducts({ sdl: PRODUCTS_SDL.replace('name: String!', 'name: String! reviews: Int') });

  it('keeps the last good supergraph, says why and where, and recovers', async () => {
    await using test = await startGateway([local(createProducts()), local(createReviews())]);
    expect(await metric(test, 'loom_gateway_composition_failures_total')).toBe('0');

    const outcome = await test.gateway.replaceSubgraph(local(conflicting()));
    expect(outcome.kind).toBe('failed');
    expect((await test.ask('{ topProducts { name reviews { body } } }')).errors).toBeUndefined();

    const { code, body } = await ready(test);
    expect([code, body.status, body.supergraph.state]).toEqual([200, 'ready', 'stale']);
    const found = body.supergraph.problems.find(({ text }) => text.includes('Product.reviews'))!;
    expect(found.code).toBe('FIELD_TYPE_MISMATCH');
    expect(found.locations).toContainEqual({ subgraph: 'products', line: 4, column: expect.any(Number) });
    expect(found.text).toMatch(/products 4:\d+/);
    expect(await metric(test, 'loom_gateway_composition_failures_total')).toBe('1');
    expect(await metric(test, 'loom_gateway_supergraph_stale')).toBe('1');
    expect(test.logger.lines.find(({ level }) => level === 'error')).toMatchObject({
      message: 'Composition failed; the last good supergraph keeps serving',
      fields: { problems: expect.arrayContaining([found.text]) },
    });

    // The same failure is not composed, counted or logged again at each poll.
    expect((await test.gateway.refreshSupergraph()).kind).toBe('failed');
    expect(await metric(test, 'loom_gateway_composition_failures_total')).toBe('1');

    expect(await test.gateway.replaceSubgraph(local(createProducts()))).toEqual({ kind: 'updated' });
    expect((await ready(test)).body.supergraph).toMatchObject({ state: 'current', problems: [] });
    expect(await metric(test, 'loom_gateway_supergraph_stale')).toBe('0');
  });

  it('holds a change back until the other subgraph has its part of it', async () => {
    await using test = await startGateway([local(createProducts()), local(createReviews())]);
    const needsDepth = sdlSubgraph(
      'reviews',
      REVIEWS_SDL.replace('weightGrams: Int! @external', 'depth: Int @external').replace('"weightGrams"', '"depth"'),
      { Product: { __resolveReference: (reference: object) => reference, shippingCost: ({ depth }: { depth: number }) => depth } },
    );
    expect((await test.gateway.replaceSubgraph(local(needsDepth))).kind).toBe('failed');
    expect((await test.ask('{ product(id: "p1") { shippingCost } }')).data).toEqual({ product: { shippingCost: 40 } });

    const hasDepth = createProducts({
      sdl: PRODUCTS_SDL.replace('name: String!', 'name: String! depth: Int'),
      resolvers: { Product: { __resolveReference: ({ id }: object & { id?: string }) => ({ id, depth: 7 }) } },
    });
    expect(await test.gateway.replaceSubgraph(local(hasDepth))).toEqual({ kind: 'updated' });
    expect((await test.ask('{ latestReview { product { shippingCost } } }')).errors).toBeUndefined();
  });

  it('reports SDL that does not parse with its subgraph and line', async () => {
    await using reviews = await scriptedSubgraph('reviews', `${FEDERATION}\n${REVIEWS_SDL}`);
    await using test = await startGateway([local(createProducts()), reviews.source]);
    reviews.sdl = 'type Query {\n  broken: \n}';
    expect(await test.gateway.refreshSupergraph()).toMatchObject({
      kind: 'failed',
      problems: [{ code: 'INVALID_GRAPHQL', locations: [{ subgraph: 'reviews', line: 3, column: 1 }] }],
    });
  });
});

describe('start', () => {
  it('fails with the problems when the subgraphs do not compose', async () => {
    const conflicting = createProducts({ sdl: PRODUCTS_SDL.replace('name: String!', 'name: String! reviews: Int') });
    await expect(startGateway([local(conflicting), local(createReviews())])).rejects.toThrow(
      /do not compose:\n {2}FIELD_TYPE_MISMATCH: .*products 4:/,
    );
  });

  it('fails with one line naming a remote subgraph that never answers, and where it was asked', async () => {
    const { url } = await closedServer();
    const started = startGateway([local(createProducts()), { kind: 'remote', name: 'reviews', url }], { settings: { startupWaitMs: 300 } });
    await expect(started).rejects.toThrow(`Subgraph "reviews" does not answer at ${url}: connect ECONNREFUSED`);
    await expect(started).rejects.not.toThrow('\n');
  });

  it('waits for a remote subgraph that is still starting', async () => {
    let refusals = 2;
    await using late = await rawServer((_request, response) => {
      if (refusals-- > 0) return void response.writeHead(503).end('starting');
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ data: { _service: { sdl: `${FEDERATION}\n${REVIEWS_SDL}` } } }));
    });
    const source = { kind: 'remote' as const, name: 'reviews', url: late.url };
    await using test = await startGateway([local(createProducts()), source], { settings: { startupWaitMs: 10_000 } });
    expect((await ready(test)).body.subgraphs).toMatchObject([
      { name: 'products', kind: 'local', ok: true },
      { name: 'reviews', kind: 'remote', ok: true },
    ]);
  });

  it('keeps the schema of a remote subgraph that goes down later, and stays ready', async () => {
    const reviews = await host('remote', createReviews());
    await using test = await startGateway([local(createProducts()), reviews.source]);
    await reviews[Symbol.asyncDispose]();
    expect(await test.gateway.refreshSupergraph()).toEqual({ kind: 'unchanged' });
    await test.gateway.refreshSupergraph();
    const { code, body } = await ready(test);
    expect([code, body.supergraph.state]).toEqual([200, 'current']);
    expect(body.subgraphs[1]).toMatchObject({ name: 'reviews', ok: false, message: expect.stringContaining('ECONNREFUSED') });
    expect(test.logger.lines.filter(({ message }) => message.startsWith('Subgraph does not answer'))).toHaveLength(1);
    expect(await test.ask('{ topProducts { name } }')).toMatchObject({ data: { topProducts: [{ name: 'Red chair' }, {}] } });
  });
});

async function closedServer(): Promise<{ url: string }> {
  const server = await rawServer(() => {});
  await server[Symbol.asyncDispose]();
  return { url: server.url };
}
