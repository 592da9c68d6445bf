import { signDevelopmentToken } from '@loomgraph/auth';
import { engineSettings } from './support/engine-run.js';
import { createProducts, createReviews, sdlSubgraph } from './support/sample-subgraphs.js';
import { host } from './support/servers.js';
import { JWT_SECRET, startGateway, type GraphqlAnswer, type TestGateway, type TestGatewayOptions } from './support/start-gateway.js';

const QUERY = 'query Shop($first: Int) { topProducts(first: $first) { name reviews { body } rating } }';
const DATA = {
  topProducts: [
    { name: 'Red chair', reviews: [{ body: 'Too red' }], rating: 4.5 },
    { name: 'Oak table', reviews: [{ body: 'Sturdy' }], rating: null },
  ],
};

const withRole = async (...roles: string[]): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await signDevelopmentToken({ secret: JWT_SECRET, userId: 'ada', roles })}`,
});

/** Products run in this process on one store, reviews behind HTTP. */
async function withGateway(work: (test: TestGateway) => Promise<void>, options?: TestGatewayOptions): Promise<void> {
  const store = { name: 'relational', backend: 'pglite', ok: true, latencyMs: 1 };
  await using products = await host('local', createProducts({ health: [store] }));
  await using reviews = await host('remote', createReviews());
  await using test = await startGateway([products.source, reviews.source], options);
  await work(test);
}

async function post(
  { send }: TestGateway,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly answer: GraphqlAnswer; readonly challenge: string | null }> {
  const response = await send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify(body),
  });
  const challenge = response.headers.get('www-authenticate');
  return { status: response.status, answer: (await response.json()) as GraphqlAnswer, challenge };
}

describe('explain', () => {
  it('adds plan, cost, caches, owners and timing to an answer that is as ever', () =>
    withGateway(async (test) => {
      const headers = await withRole('explain');
      const body = { query: QUERY, variables: { first: 2 }, extensions: { explain: true } };
      const { status, answer } = await post(test, body, headers);
      expect([status, answer.data]).toEqual([200, DATA]);
      expect(answer.errors).toMatchObject([{ path: ['topProducts', 1, 'rating'] }]);
      const run = { startMs: expect.any(Number), durationMs: expect.any(Number) };
      expect(answer.extensions?.['explain']).toEqual({
        mode: 'full',
        operation: { kind: 'query', name: 'Shop' },
        supergraph: { generation: 1 },
        planner: 'hive',
        caches: { operation: 'miss', plan: 'miss', identicalInFlight: false },
        cost: { fetches: 2, depth: 2, fetchesByDepth: [1, 1] },
        demand: { estimate: 22, max: 100_000 },
        plan: {
          kind: 'sequence',
          nodes: [
            {
              kind: 'fetch',
              subgraph: 'products',
              operation: expect.stringContaining('topProducts(first: $first)'),
              variables: ['$first'],
              run: { ...run, errors: 0 },
            },
            {
              kind: 'fetch',
              subgraph: 'reviews',
              operation: expect.stringContaining('_entities(representations: $'),
              variables: [],
              entities: [
                {
                  alias: '_entities',
                  paths: ['topProducts.@'],
                  requires: expect.stringMatching(/on Product \{ (__typename id|id __typename) \}/),
                },
              ],
              run: { ...run, representations: 2, errors: 1, status: 200, bytes: expect.any(Number) },
            },
          ],
        },
        fields: [
          { field: 'Query.topProducts', subgraphs: ['products'], stores: ['relational (pglite)'] },
          { field: 'Product.name', subgraphs: ['products'], stores: ['relational (pglite)'] },
          { field: 'Product.reviews', subgraphs: ['reviews'], stores: 'unknown' },
          { field: 'Review.body', subgraphs: ['reviews'], stores: 'unknown' },
          { field: 'Product.rating', subgraphs: ['reviews'], stores: 'unknown' },
        ],
        timing: {
          parse: expect.any(Number),
          plan: expect.any(Number),
          execute: expect.any(Number),
          write: expect.any(Number),
          total: expect.any(Number),
        },
      });
      const again = await post(test, body, headers);
      expect(again.answer.extensions?.['explain']).toMatchObject({
        caches: { operation: 'hit', plan: 'hit' },
        timing: { parse: null, plan: null, execute: expect.any(Number) },
      });
    }));

  it('plans without executing when it is asked for the plan alone', () =>
    withGateway(async (test) => {
      const query = 'mutation { renameProduct(id: "p1", name: "Blue chair") { name } }';
      const { answer } = await post(test, { query, extensions: { explain: 'plan' } }, await withRole('admin'));
      expect(answer).toMatchObject({
        data: null,
        extensions: { explain: { mode: 'plan', plan: { kind: 'fetch', subgraph: 'products' } } },
      });
      expect(answer.extensions?.['explain']).toMatchObject({ timing: { execute: null, write: null }, cost: { fetches: 1 } });
      expect(JSON.stringify(answer)).not.toContain('"run"');
      expect((await post(test, { query: '{ product(id: "p1") { name } }' })).answer.data).toEqual({ product: { name: 'Red chair' } });
    }));

  it.each([
    ['an anonymous caller', [], 401, 'UNAUTHENTICATED'],
    ['a caller without the role', ['reader'], 403, 'FORBIDDEN'],
  ])('is refused to %s, who gets nothing executed', (_title, roles, status, code) =>
    withGateway(async (test) => {
      const headers = roles.length === 0 ? {} : await withRole(...roles);
      const query = 'mutation { renameProduct(id: "p1", name: "Blue chair") { name } }';
      const refused = await post(test, { query, extensions: { explain: true } }, headers);
      expect(refused).toMatchObject({ status, answer: { errors: [{ extensions: { code } }] } });
      expect(refused.answer).not.toHaveProperty('data');
      expect(refused.challenge).toBe(status === 401 ? 'Bearer' : null);
      expect((await post(test, { query: '{ product(id: "p1") { name } }' })).answer.data).toEqual({ product: { name: 'Red chair' } });
    }),
  );

  it('names the planner that made this plan', async () => {
    const echo = sdlSubgraph('echo', 'type Query { echo(n: Float): Float }', { Query: { echo: (_: unknown, { n }: { n: number }) => n } });
    await using test = await startGateway([{ kind: 'local', subgraph: echo }], {
      settings: { engine: { ...engineSettings, explain: 'public' } },
    });
    const plannerOf = async (query: string): Promise<unknown> => {
      const { answer } = await post(test, { query, extensions: { explain: 'plan' } });
      return (answer.extensions?.['explain'] as { readonly planner?: unknown } | undefined)?.planner; // as documented
    };
    expect(await plannerOf('{ echo(n: 1.5) }')).toBe('hive');
    // Hive's planner would change such a number.
    expect(await plannerOf('{ echo(n: 1e300) }')).toMatch(/^(?:apollo|stepwise)$/);
    expect(await plannerOf('{ __typename }')).toBeNull();
  });

  describe('of an answer in parts', () => {
    const query = '{ topProducts { name ... @defer(label: "more") { reviews { body } } } }';
    const settings = { engine: { ...engineSettings, explain: 'public' } } as const;
    const multipart = { accept: 'multipart/mixed, application/json' };
    const ask = async ({ send }: TestGateway, explain: unknown): Promise<string> => {
      const body = JSON.stringify({ query, extensions: { explain } });
      const response = await send('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', ...multipart }, body });
      return response.text();
    };

    it('comes with the last part, and says when each was there', () =>
      withGateway(
        async (test) => {
          const payloads = (await ask(test, true)).split('\r\n').filter((line) => line.startsWith('{'));
          const parsed = payloads.map((text) => JSON.parse(text));
          expect(parsed.slice(0, -1).some((payload) => 'extensions' in payload)).toBe(false);
          const run = { startMs: expect.any(Number), durationMs: expect.any(Number), errors: 0 };
          const { explain } = parsed.at(-1).extensions;
          expect(explain).toMatchObject({
            mode: 'full',
            planner: 'apollo',
            caches: { operation: 'miss', plan: 'miss' },
            cost: { fetches: 2, depth: 2 },
            plan: {
              kind: 'defer',
              primary: { kind: 'fetch', id: expect.any(String), subgraph: 'products', run },
              parts: [{ after: [expect.any(String)], plan: { kind: 'fetch', subgraph: 'reviews', run: { ...run, representations: 2 } } }],
            },
            parts: [
              { atMs: expect.any(Number), fragments: [] },
              {
                atMs: expect.any(Number),
                fragments: [0, 1].map((index) => ({ path: ['topProducts', index], label: 'more' })),
              },
            ],
            timing: { plan: expect.any(Number), execute: expect.any(Number), total: expect.any(Number) },
          });
          expect(explain.parts[1].atMs).toBeGreaterThanOrEqual(explain.parts[0].atMs);
          const again = (await ask(test, true)).split('\r\n').filter((line) => line.startsWith('{'));
          expect(JSON.parse(again.at(-1) ?? '').extensions.explain.caches).toMatchObject({ operation: 'hit', plan: 'hit' });
        },
        { settings },
      ));

    it('is the plan with its parts when it is asked for the plan alone', () =>
      withGateway(
        async (test) => {
          expect(JSON.parse(await ask(test, 'plan'))).toMatchObject({
            data: null,
            extensions: { explain: { mode: 'plan', planner: 'apollo', caches: { plan: 'miss' }, plan: { kind: 'defer', parts: [{}] } } },
          });
        },
        { settings },
      ));
  });

  it('can be open to everyone, and says where no subgraph is needed', () =>
    withGateway(
      async (test) => {
        const { answer } = await post(test, { query: '{ __typename }', extensions: { explain: 'full' } });
        expect(answer).toMatchObject({ data: { __typename: 'Query' }, extensions: { explain: { plan: null, cost: { fetches: 0 } } } });
      },
      { settings: { engine: { ...engineSettings, explain: 'public' } } },
    ));

  it('shares no execution, and says whether there was one to share', async () => {
    let calls = 0;
    let arrive = (): void => {};
    let proceed = (): void => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const gate = new Promise<void>((resolve) => (proceed = resolve));
    const onTopProducts = (): Promise<void> => {
      calls += 1;
      if (calls > 1) return Promise.resolve();
      arrive();
      return gate;
    };
    await using test = await startGateway([{ kind: 'local', subgraph: createProducts({ onTopProducts }) }], {
      settings: { engine: { ...engineSettings, explain: 'public', coalescing: true } },
    });
    const query = '{ topProducts { name } }';
    const first = post(test, { query });
    await arrived;
    const { answer } = await post(test, { query, extensions: { explain: true } });
    expect(answer.extensions?.['explain']).toMatchObject({ caches: { identicalInFlight: true }, plan: { run: { errors: 0 } } });
    expect(calls).toBe(2);
    proceed();
    expect((await first).answer.extensions).toBeUndefined();
  });

  it('reaches clients through Apollo Server, too', async () => {
    await using test = await startGateway([{ kind: 'local', subgraph: createProducts() }], {
      apolloPlugins: [],
      settings: { engine: { ...engineSettings, explain: 'public' } },
    });
    const { answer } = await post(test, { query: '{ topProducts { name } }', extensions: { explain: true } });
    expect(answer).toMatchObject({ data: { topProducts: [{}, {}] }, extensions: { explain: { cost: { fetches: 1 } } } });
  });
});
