import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { systemClock } from '@loomgraph/core';
import type { BudgetPolicy } from '../src/request/budgets/budget.js';
import { createBudgets, type Budgets } from '../src/request/budgets/budgets.js';
import { createMemoryCounter } from '../src/request/budgets/flexible-counter.js';
import { createProducts } from './support/sample-subgraphs.js';
import { bearer, startGateway, type GraphqlAnswer, type TestGateway } from './support/start-gateway.js';

const policies: readonly BudgetPolicy[] = [
  { name: 'user', points: 100, windowMs: 60_000 },
  { name: 'address', points: 30, windowMs: 60_000 },
];
const budgets = (exempt: readonly string[] = []): Budgets | undefined =>
  createBudgets({ policies, exempt, counterOf: createMemoryCounter, clock: systemClock });

const start = (options: { budgets?: Budgets | undefined; trustedProxies?: readonly string[] } = {}): Promise<TestGateway> =>
  startGateway([{ kind: 'local', subgraph: createProducts() }], {
    budgets: 'budgets' in options ? options.budgets : budgets(),
    settings: { trustedProxies: options.trustedProxies ?? [], batching: { maxOperations: 10 } },
  });
const post = (gateway: TestGateway, query: string, headers: Record<string, string> = {}): Promise<Response> =>
  gateway.send('/graphql', {
    method: 'POST',
    body: JSON.stringify({ query }),
    headers: { 'content-type': 'application/json', ...headers },
  });
const LIST = '{ topProducts(first: 9) { id } }';
const limitOf = ({ headers }: Response): unknown => [headers.get('ratelimit-policy'), headers.get('ratelimit')];

describe('budgets', () => {
  it('are spent by cost, with the rest in headers, until 429 RATE_LIMITED with Retry-After', async () => {
    await using gateway = await start();
    const seen = [];
    for (let i = 0; i < 3; i++) seen.push(limitOf(await post(gateway, LIST)));
    expect(seen).toEqual(
      [20, 10, 0].map((left) => ['"address";q=30;w=60;qu="cost"', expect.stringMatching(new RegExp(`^"address";r=${left};t=(60|59)$`))]),
    );
    const refused = await post(gateway, LIST, { accept: 'application/json' });
    const { errors = [] } = (await refused.json()) as GraphqlAnswer;
    expect([refused.status, refused.headers.get('retry-after'), errors[0]?.extensions]).toEqual([
      429,
      expect.stringMatching(/^(60|59)$/),
      { code: 'RATE_LIMITED', requestId: expect.any(String), details: { limit: 'budget', max: 30, counted: 1 } },
    ]);
    expect((await gateway.metrics.render()).body).toContain('loom_gateway_refusals_total{code="RATE_LIMITED",reason="budget"} 1');
  });

  it('of a user are apart from those of the address, and of other users', async () => {
    await using gateway = await start();
    for (let i = 0; i < 3; i++) await post(gateway, LIST);
    expect((await post(gateway, LIST)).status).toBe(429);
    expect(limitOf(await post(gateway, LIST, await bearer('7')))).toEqual([
      '"user";q=100;w=60;qu="cost"',
      expect.stringMatching(/^"user";r=90;/),
    ]);
    expect(limitOf(await post(gateway, LIST, await bearer('8')))).toEqual([expect.any(String), expect.stringMatching(/^"user";r=90;/)]);
  });

  it('are spent by what is refused, too, but not by who has none left', async () => {
    await using gateway = await start();
    const statuses = [];
    for (const query of ['{', '{ nope }', '{ topProducts(first: 90) { id } }', '{ caller'])
      statuses.push((await post(gateway, query)).status);
    expect(statuses).toEqual([400, 400, 429, 429]);
    expect(gateway.logger.lines.filter(({ message }) => message === 'Request').map(({ fields }) => fields['errorCodes'])).toEqual([
      ['GRAPHQL_PARSE_FAILED'],
      ['GRAPHQL_VALIDATION_FAILED'],
      ['RATE_LIMITED'],
      ['RATE_LIMITED'],
    ]);
  });

  it('are spent by each operation of a batch', async () => {
    await using gateway = await start();
    const response = await gateway.send('/graphql', {
      method: 'POST',
      body: JSON.stringify(Array.from({ length: 5 }, () => ({ query: LIST }))),
      headers: { 'content-type': 'application/json' },
    });
    const answers = (await response.json()) as GraphqlAnswer[];
    expect(answers.map(({ errors }) => errors?.[0]?.extensions['code']).filter((code) => code === 'RATE_LIMITED')).toHaveLength(2);
  });

  it('are spent by identical queries that share an execution', async () => {
    await using gateway = await start();
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(gateway, LIST)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
  });

  it('do not count addresses that are exempt', async () => {
    await using gateway = await start({ budgets: budgets(['127.0.0.0/8', '::1']) });
    for (let i = 0; i < 10; i++) {
      const response = await post(gateway, LIST);
      expect([response.status, limitOf(response)]).toEqual([200, [null, null]]);
    }
  });

  it('an address that a client invents counts for nothing', async () => {
    await using gateway = await start();
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await post(gateway, LIST, { 'x-forwarded-for': `192.0.2.${i}` })).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  it('an address that a trusted proxy names counts', async () => {
    await using gateway = await start({ trustedProxies: ['127.0.0.1'] });
    const ask = (address: string): Promise<Response> => post(gateway, LIST, { 'x-forwarded-for': address });
    for (let i = 0; i < 4; i++) await ask('192.0.2.1');
    expect([(await ask('192.0.2.1')).status, (await ask('192.0.2.2')).status, (await ask('203.0.113.9, 192.0.2.1')).status]).toEqual([
      429, 200, 429,
    ]);
  });

  it('a refused caller costs next to nothing: nothing is parsed or fetched', async () => {
    let fetches = 0;
    const onTopProducts = async (): Promise<void> => {
      fetches += 1;
    };
    await using gateway = await startGateway([{ kind: 'local', subgraph: createProducts({ onTopProducts }) }], { budgets: budgets() });
    for (let i = 0; i < 50; i++) await post(gateway, `{ a${i}: topProducts(first: 9) { id } }`);
    expect(fetches).toBe(3);
  });

  it('answers over a raw connection in the form of the draft', async () => {
    await using gateway = await start();
    const { port } = new URL(gateway.gateway.url);
    const body = JSON.stringify({ query: LIST });
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^ratelimit-policy: "address";q=30;w=60;qu="cost"\r$/im);
    expect(answer).toMatch(/^ratelimit: "address";r=20;t=\d+\r$/im);
  });
});
