import { signDevelopmentToken } from '@loomgraph/auth';
import { getIntrospectionQuery } from 'graphql';
import { defaultCostSettings, type CostSettings } from '../src/request/cost/demand.js';
import { defaultDocumentLimits, type DocumentLimits } from '../src/request/limits/document-limits.js';
import { engineSettings } from './support/engine-run.js';
import { createProducts, createReviews, sdlSubgraph } from './support/sample-subgraphs.js';
import { JWT_SECRET, startGateway, type GraphqlAnswer, type TestGateway } from './support/start-gateway.js';

interface Changed {
  readonly limits?: Partial<DocumentLimits>;
  readonly cost?: Partial<CostSettings>;
  readonly batching?: number;
}

const start = ({ limits, cost, batching }: Changed = {}): Promise<TestGateway> =>
  startGateway(
    [
      { kind: 'local', subgraph: createProducts() },
      { kind: 'local', subgraph: createReviews() },
    ],
    {
      settings: {
        batching: batching === undefined ? undefined : { maxOperations: batching },
        engine: {
          ...engineSettings,
          maskErrors: true,
          explain: 'public',
          limits: { ...defaultDocumentLimits, ...limits },
          cost: { ...defaultCostSettings, ...cost },
        },
      },
    },
  );
const refusal = ({ data, errors }: GraphqlAnswer): unknown => {
  expect(data ?? null).toBeNull();
  const { code, details } = errors?.[0]?.extensions ?? {};
  return { code, limit: (details as { limit?: string } | undefined)?.limit };
};
const refusals = async ({ metrics }: TestGateway, reason: string): Promise<unknown> =>
  new RegExp(`^loom_gateway_refusals_total{code="\\w+",reason="${reason}"} (\\d+)$`, 'm').exec((await metrics.render()).body)?.[1];
const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');
const LIVELY = { data: { caller: null } };

describe('by default', () => {
  it('what clients and tools ask is answered', async () => {
    await using gateway = await start();
    expect((await gateway.ask(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }))).errors).toBeUndefined();
    expect(
      (await gateway.ask('{ topProducts { id name reviews { body product { name } } } latestReview { body } }')).errors,
    ).toBeUndefined();
  });

  /** Each of them is refused at once, with the limit named; and the gateway goes on. */
  it.each<[title: string, limit: string, query: string]>([
    ['GHSA-733v-p3h5-qpq7: a fragment named __schema hides depth', 'depth', `{ topProducts { ...__schema } } ${fragments('__schema', 60)}`],
    ['graphql-armor #767: aliases of __typename', 'aliases', `{ topProducts { ${times(1_000, (index) => `a${index}: __typename`)} } }`],
    [
      'OWASP, CVE-2024-50312: the same field under many aliases',
      'rootFields',
      `{ ${times(100, (index) => `a${index}: product(id: "p1") { id }`)} }`,
    ],
    [
      'OWASP: guesses of a secret, in aliases of a mutation',
      'rootFields',
      `mutation { ${times(100, (index) => `a${index}: renameProduct(id: "p1", name: "${index}") { id }`)} }`,
    ],
    [
      'CVE-2025-32380, GHSA-q2f9-x4p4-7xmh: fragments that fan out',
      'selections',
      `{ topProducts { ...F0 } } ${times(30, (index) => `fragment F${index} on Product { id ...F${index + 1} ...F${index + 1} }`)} fragment F30 on Product { id }`,
    ],
    ['CVE-2022-37734, CVE-2024-47614: directives at one place', 'directives', `{ caller ${times(1_000, () => '@a')} }`],
    ['CVE-2023-28867, CVE-2022-21708: nesting that overflows a parser', 'nesting', `${'{a'.repeat(20_000)}${'}'.repeat(20_000)}`],
    [
      'CVE-2022-31173: fragments in fragments',
      'depth',
      `{ latestReview { ...R0 } } ${times(100, (index) => `fragment R${index} on Review { product { reviews { ...R${index + 1} } } }`)} fragment R100 on Review { id }`,
    ],
    ['a text of nothing but tokens', 'tokens', `{ ${'a '.repeat(20_000)} }`],
    ['many operations in one document', 'operations', times(100, (index) => `query Q${index} { caller }`)],
    ['many fragments in one document', 'fragments', `{ caller } ${times(1_000, (index) => `fragment F${index} on Query { caller }`)}`],
    ['a list of many values', 'listSize', `{ product(id: [${'"a",'.repeat(2_000)}]) { id } }`],
  ])('%s', async (_title, limit, query) => {
    await using gateway = await start();
    const startedAt = performance.now();
    expect(refusal(await gateway.ask(query))).toEqual({ code: 'OPERATION_TOO_COMPLEX', limit });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await refusals(gateway, limit)).toBe('1');
    expect(await gateway.ask('{ caller }')).toEqual(LIVELY);
  });

  it.each<[title: string, query: string]>([
    ['CVE-2024-39895: one field thousands of times', `{ topProducts { ${'id '.repeat(7_000)} } }`],
    [
      'CVE-2023-26144: fields in fragments that are compared with each other',
      `{ topProducts { ${times(60, (index) => `...F${index}`)} } } ${times(60, (index) => `fragment F${index} on Product { ${times(60, () => 'id name')} }`)}`,
    ],
    [
      'graphql-php #1906: inline fragments that are flattened',
      `{ ${times(50, () => `... { topProducts { ${times(50, () => '... { id }')} } }`)} }`,
    ],
    [
      'cycles of fragments',
      '{ topProducts { ...A } } fragment A on Product { ...B } fragment B on Product { reviews { product { ...A } } }',
    ],
    [
      'thousands of names that do not exist',
      `{ ${times(45, (index) => `none${index}`)} topProducts { ${times(4_000, (index) => `none${index}`)} } }`,
    ],
    ['thousands of variables', `query(${times(3_000, (index) => `$v${index}: Int`)}) { caller }`],
  ])('%s: comes to an end in time', async (_title, query) => {
    await using gateway = await start();
    const startedAt = performance.now();
    await gateway.ask(query);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await gateway.ask('{ caller }')).toEqual(LIVELY);
  });

  it('lists in the variables', async () => {
    await using gateway = await start();
    const answer = await gateway.ask('query($id: ID!) { product(id: $id) { id } }', {
      variables: { id: Array.from({ length: 2_000 }, String) },
    });
    expect(refusal(answer)).toEqual({ code: 'OPERATION_TOO_COMPLEX', limit: 'listSize' });
  });

  it('the status is 400, and the message says what the limit is and what was counted', async () => {
    await using gateway = await start({ limits: { maxAliases: 2 } });
    const body = JSON.stringify({ query: '{ a: caller b: caller c: caller }' });
    const response = await gateway.send('/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        errors: [
          {
            message: 'The operation comes to 3 or more aliases; at most 2 are allowed.',
            extensions: { code: 'OPERATION_TOO_COMPLEX', requestId: expect.any(String), details: { limit: 'aliases', max: 2, counted: 3 } },
          },
        ],
      },
    ]);
  });
});

describe('planning', () => {
  /** Every field is resolved by every subgraph: the ways to plan are many. */
  const shared = (name: string) =>
    sdlSubgraph(
      name,
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
       type Query { node: Node @shareable }
       type Node @key(fields: "id") { id: ID! ${times(10, (index) => `f${index}: Node @shareable`)} }`,
      { Query: { node: () => null } },
    );

  it('GHSA-fmj9-77q8-g6c4: fields that many subgraphs share, deep down: ends in time, and the gateway goes on', async () => {
    await using gateway = await startGateway(
      times(6, (index) => `s${index}`)
        .split(' ')
        .map((name) => ({ kind: 'local', subgraph: shared(name) }) as const),
      { settings: { engine: { ...engineSettings, planTimeoutMs: 2_000 } } },
    );
    const deep = (depth: number): string =>
      depth === 0 ? 'id' : `id ${times(3, (index) => `f${index} { ${depth === 5 || index === 0 ? deep(depth - 1) : 'id'} }`)}`;
    const startedAt = performance.now();
    const { data, errors } = await gateway.ask(`{ node { ${deep(12)} } }`);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    if (errors !== undefined)
      expect(errors[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_COMPLEX', details: { limit: 'planTime' } });
    else expect(data).toEqual({ node: null });
    expect(await gateway.ask('{ node { id } }')).toEqual({ data: { node: null } });
  }, 30_000);

  it('many variables of @include and @skip', async () => {
    await using gateway = await start();
    const names = Array.from({ length: 45 }, (_, index) => `v${index}`);
    const query = `query(${names.map((name) => `$${name}: Boolean!`).join(' ')}) {
      topProducts { id ${names.map((name, index) => `a${index}: reviews @include(if: $${name}) { body product { name @skip(if: $${name}) } }`).join(' ')} } }`;
    const startedAt = performance.now();
    const { errors } = await gateway.ask(query, { variables: Object.fromEntries(names.map((name, index) => [name, index % 2 === 0])) });
    expect(errors).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  }, 20_000);
});

describe('cost', () => {
  const LIST = 'query($n: Int) { topProducts(first: $n) { id reviews { body product { id } } } }';

  it('what may cost too much is refused by its variables, not its text', async () => {
    await using gateway = await start({ cost: { maxCost: 500 } });
    expect((await gateway.ask(LIST, { variables: { n: 2 } })).errors).toBeUndefined();
    const answer = await gateway.ask(LIST, { variables: { n: 1_000_000 } });
    expect(refusal(answer)).toEqual({ code: 'OPERATION_TOO_COSTLY', limit: 'cost' });
    expect(answer.errors?.[0]).toMatchObject({
      message: 'The operation may cost 21000000; at most 500 are allowed.',
      extensions: { details: { limit: 'cost', max: 500, counted: 21_000_000 } },
    });
    expect(await refusals(gateway, 'cost')).toBe('1');
    expect((await gateway.metrics.render()).body).toContain('loom_gateway_operation_cost_bucket{le="100"} 1');
  });

  it('nothing is fetched for what is refused', async () => {
    let fetches = 0;
    const products = createProducts({
      onTopProducts: async () => {
        fetches += 1;
      },
    });
    await using gateway = await startGateway([{ kind: 'local', subgraph: products }]);
    expect(refusal(await gateway.ask('{ topProducts(first: 1000000) { id } }'))).toMatchObject({ code: 'OPERATION_TOO_COSTLY' });
    expect(fetches).toBe(0);
  });

  it('roles may be allowed more', async () => {
    await using gateway = await start({ cost: { maxCost: 10, maxCostByRole: new Map([['admin', 1_000]]) } });
    const as = async (...roles: string[]): Promise<unknown> => {
      const headers = { authorization: `Bearer ${await signDevelopmentToken({ secret: JWT_SECRET, userId: '1', roles })}` };
      return (await gateway.ask('{ topProducts(first: 20) { id } }', { headers })).errors?.[0]?.extensions['code'];
    };
    expect([await as('admin'), await as('user'), await as('user', 'admin'), await as()]).toEqual([
      undefined,
      'OPERATION_TOO_COSTLY',
      undefined,
      'OPERATION_TOO_COSTLY',
    ]);
  });

  it('measure refuses nothing, counts and logs', async () => {
    await using gateway = await start({ cost: { mode: 'measure', maxCost: 10 } });
    expect((await gateway.ask('query Big { topProducts(first: 20) { id } }')).errors).toBeUndefined();
    expect((await gateway.metrics.render()).body).toContain('loom_gateway_operations_over_cost_total 1');
    expect(gateway.logger.lines.find(({ message }) => message === 'An operation may cost more than is allowed')?.fields).toMatchObject({
      operationName: 'Big',
      estimate: 20,
      max: 10,
    });
  });

  it('off estimates nothing', async () => {
    await using gateway = await start({ cost: { mode: 'off', maxCost: 1 } });
    expect((await gateway.ask('{ topProducts(first: 20) { id } }')).errors).toBeUndefined();
    expect((await gateway.metrics.render()).body).not.toContain('loom_gateway_operation_cost');
  });

  it('is shown to who asks, alone or with the explanation', async () => {
    await using gateway = await start();
    const ask = async (extensions: object): Promise<GraphqlAnswer> => {
      const body = JSON.stringify({ query: '{ topProducts(first: 2) { id } }', extensions });
      const headers = { 'content-type': 'application/json' };
      return (await (await gateway.send('/graphql', { method: 'POST', body, headers })).json()) as GraphqlAnswer;
    };
    expect(await ask({ cost: true })).toEqual({
      data: { topProducts: [{ id: 'p1' }, { id: 'p2' }] },
      extensions: { cost: { estimate: 2, max: 100_000 } },
    });
    expect((await ask({ explain: 'plan' })).extensions).toMatchObject({ explain: { demand: { estimate: 2, max: 100_000 } } });
  });

  it('of variables that a plan must rename, too', async () => {
    await using gateway = await start({ cost: { maxCost: 500 } });
    const query = 'query($representations: Int) { topProducts(first: $representations) { id reviews { body } } }';
    expect((await gateway.ask(query, { variables: { representations: 2 } })).data).toMatchObject({
      topProducts: [{ id: 'p1' }, { id: 'p2' }],
    });
    expect(refusal(await gateway.ask(query, { variables: { representations: 100 } }))).toMatchObject({ limit: 'cost' });
  });
});

describe('batches', () => {
  const post = async (gateway: TestGateway, operations: readonly object[]): Promise<GraphqlAnswer[]> => {
    const headers = { 'content-type': 'application/json' };
    return (await (
      await gateway.send('/graphql', { method: 'POST', body: JSON.stringify(operations), headers })
    ).json()) as GraphqlAnswer[];
  };

  it('are counted together: what one operation may not ask, several may not either', async () => {
    await using gateway = await start({ batching: 10, cost: { maxCost: 50 } });
    const answers = await post(
      gateway,
      times(4, () => '-')
        .split(' ')
        .map(() => ({ query: '{ topProducts(first: 20) { id } }' })),
    );
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(2);
    expect(answers.filter(({ errors }) => errors?.[0]?.extensions['code'] === 'OPERATION_TOO_COSTLY')).toHaveLength(2);
    const guesses = await post(
      gateway,
      times(3, () => '-')
        .split(' ')
        .map(() => ({ query: `mutation { ${times(20, (index) => `a${index}: renameProduct(id: "p9", name: "${index}") { id }`)} }` })),
    );
    expect(guesses.map(({ errors }) => errors?.[0]?.extensions['code'])).toContain('OPERATION_TOO_COMPLEX');
  });

  it('too many operations: 400 with the limit', async () => {
    await using gateway = await start({ batching: 2 });
    const answer = (await post(gateway, [{}, {}, {}])) as unknown as GraphqlAnswer;
    expect(answer.errors?.[0]).toMatchObject({
      message: 'The batch holds 3 operations; at most 2 are allowed.',
      extensions: { code: 'BAD_REQUEST', details: { limit: 'batchSize', max: 2, counted: 3 } },
    });
  });
});

/** Fragments that lead from a product to its reviews and back, the first under a name. */
function fragments(first: string, count: number): string {
  const name = (index: number): string => (index === 0 ? first : `F${index}`);
  return `${times(count, (index) => `fragment ${name(index)} on Product { reviews { product { ...${name(index + 1)} } } }`)} fragment F${count} on Product { id }`;
}
