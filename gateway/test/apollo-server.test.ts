import type { ApolloServerPlugin } from '@apollo/server';
import { systemClock } from '@loomgraph/core';
import { createBudgets } from '../src/request/budgets/budgets.js';
import { createMemoryCounter } from '../src/request/budgets/flexible-counter.js';
import type { TrustedDocuments } from '../src/request/trusted-documents/trusted-documents.js';
import { createProducts, createReviews } from './support/sample-subgraphs.js';
import { startGateway, type TestGatewayOptions } from './support/start-gateway.js';

/** Notes what a plugin of Apollo Server is told, and adds to the answer. */
function notingPlugin(notes: string[]): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operationName }) {
          notes.push(`resolved ${operationName}`);
        },
        async didEncounterErrors({ errors }) {
          notes.push(...errors.map(({ path }) => `error at ${path?.join('.')}`));
        },
        async willSendResponse({ response }) {
          if (response.body.kind === 'single') response.body.singleResult.extensions = { noted: notes.length };
        },
      };
    },
  };
}

const sources = () => [createProducts(), createReviews()].map((subgraph) => ({ kind: 'local', subgraph }) as const);

describe('Apollo Server in front of the engine', () => {
  it('calls its plugins, and answers what the own front answers', async () => {
    const notes: string[] = [];
    await using apollo = await startGateway(sources(), { apolloPlugins: [notingPlugin(notes)] });
    await using own = await startGateway(sources());
    const query = 'query Top { topProducts { name rating reviews { body } } }';
    const headers = { 'x-request-id': 'r-1' };
    const { extensions, ...answer } = await apollo.ask(query, { headers });
    expect(answer).toEqual(await own.ask(query, { headers }));
    expect(answer.errors).toMatchObject([
      { path: ['topProducts', 1, 'rating'], extensions: { code: 'STORE_UNAVAILABLE', subgraph: 'reviews' } },
    ]);
    expect([notes, extensions]).toEqual([['resolved Top', 'error at topProducts.1.rating'], { noted: 2 }]);
  });

  it('refuses what the own front refuses, and reports the operation', async () => {
    await using test = await startGateway(sources(), { apolloPlugins: [] });
    expect((await test.ask('{ nobody }')).errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await test.ask('query A { latestReview { body } } query B { latestReview { id } }')).errors?.[0]?.extensions['code']).toBe(
      'OPERATION_RESOLUTION_FAILURE',
    );
    await test.ask('query Latest { latestReview { body } }');
    const lines = test.logger.lines.filter(({ message }) => message === 'Request').map(({ fields }) => fields['operationName']);
    expect(lines.at(-1)).toBe('Latest');
  });

  it('follows the supergraph', async () => {
    await using test = await startGateway(sources(), { apolloPlugins: [] });
    const changed = createProducts({
      sdl: 'type Product @key(fields: "id") { id: ID! weightGrams: Int! @shareable } type Query { count: Int }',
      resolvers: { Query: { count: () => 2 }, Product: {}, Mutation: undefined as never, DateTime: undefined as never },
    });
    expect(await test.gateway.replaceSubgraph({ kind: 'local', subgraph: changed })).toEqual({ kind: 'updated' });
    expect(await test.ask('{ count }')).toEqual({ data: { count: 2 } });
  });

  it('answers with the status and headers of the engine', async () => {
    const policies = [{ name: 'address', points: 25, windowMs: 60_000 }] as const;
    const budgets = createBudgets({ policies, exempt: [], counterOf: createMemoryCounter, clock: systemClock });
    await using test = await startGateway(sources(), { apolloPlugins: [], budgets });
    const ask = () =>
      test.send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ topProducts(first: 9) { id } }' }),
      });
    const served = await ask();
    expect([served.status, served.headers.get('ratelimit')]).toEqual([200, expect.stringMatching(/^"address";r=15;t=\d+$/)]);
    await ask();
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      429,
      expect.stringMatching(/^\d+$/),
      { errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'RATE_LIMITED' }) })] },
    ]);
  });

  it.each([
    ['trustedDocuments', { trustedDocuments: {} as TrustedDocuments }],
    ['admit', { admit: () => Promise.resolve(undefined) }],
    ['auditSink', { auditSink: { record: () => undefined } }],
    ['settings.cors', { settings: { cors: { origins: ['https://app.example'], credentials: false, maxAgeMs: 0 } } }],
    ['settings.batching', { settings: { batching: { maxOperations: 2 } } }],
    ['settings.forwardedHeaders', { settings: { forwardedHeaders: ['x-tenant'] } }],
  ] satisfies [string, TestGatewayOptions][])('does not start with %s, which it would not serve', async (name, options) => {
    await expect(startGateway(sources(), { apolloPlugins: [], ...options })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`does not serve ${name}:`),
    });
  });
});
