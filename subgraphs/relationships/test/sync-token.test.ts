import { encodeSyncToken, type SyncAnswer, type StaleRead } from '@loomgraph/core';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createLocalHost } from '@loomgraph/testing';
import { createRelationshipsSubgraph } from '../src/app.js';

/** No server is needed: what is shown here happens before the graph is read. */
const NOBODY = 'bolt://127.0.0.1:1';
const token = encodeSyncToken(new Map([['templates', [3, 4]]]));
const late: StaleRead = { reason: 'timeout', projections: ['templates/template-graph'], lagSeconds: 2 };

describe('reading the graph with a sync token', () => {
  const open = async (stale: StaleRead | undefined) => {
    const asked: unknown[] = [];
    const subgraph = await createRelationshipsSubgraph({
      neo4jUrl: NOBODY,
      logger: silentLogger,
      metrics: createMetrics(),
      timeouts: { connectMs: 200 },
      syncTokens: {
        waitFor: (...args) => {
          asked.push(args.slice(0, 2));
          return Promise.resolve(stale);
        },
      },
    });
    const ask = async (query: string, sync?: { token?: string; onTimeout?: 'STALE' | 'FAIL' }) => {
      const reported: SyncAnswer[] = [];
      const variables = { representations: [{ __typename: 'Template', id: 't1' }] };
      const request = {
        identity: null,
        requestId: 'r',
        sync: sync && { ...sync, report: (answer: SyncAnswer) => void reported.push(answer) },
      };
      const { errors } = await createLocalHost(subgraph).execute({ query, variables, request });
      return { codes: errors?.map(({ extensions }) => extensions['code']), reported };
    };
    return { subgraph, asked, ask };
  };
  const ROOTS = '{ graphTemplates { id } graphUsers { id } }';
  const REFERENCE =
    'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Template { similarTo { id } } } }';

  it('waits for what writes the graph, once per request, and says what is stale', async () => {
    await using run = await open(late).then(({ subgraph, ...rest }) => ({ ...rest, [Symbol.asyncDispose]: () => subgraph.close() }));
    const { reported } = await run.ask(ROOTS, { token });
    expect(run.asked).toEqual([[token, { templates: ['template-graph', 'category-graph', 'user-graph'] }]]);
    expect(reported).toEqual([{ stale: true, ...late }]);
    await run.ask(REFERENCE, { token });
    expect(run.asked).toHaveLength(2);
  });

  it('fails instead where that was asked for, without reading', async () => {
    await using run = await open(late).then(({ subgraph, ...rest }) => ({ ...rest, [Symbol.asyncDispose]: () => subgraph.close() }));
    expect((await run.ask(ROOTS, { token, onTimeout: 'FAIL' })).codes).toEqual(['SYNC_STALE', 'SYNC_STALE']);
    expect((await run.ask(REFERENCE, { token, onTimeout: 'FAIL' })).codes).toEqual(['SYNC_STALE']);
  });

  it('asks nobody without a token', async () => {
    await using run = await open(late).then(({ subgraph, ...rest }) => ({ ...rest, [Symbol.asyncDispose]: () => subgraph.close() }));
    await run.ask(ROOTS);
    await run.ask(ROOTS, {});
    expect(run.asked).toEqual([]);
  });

  it('says that it is unknown where nobody can look', async () => {
    await using subgraph = await createRelationshipsSubgraph({
      neo4jUrl: NOBODY,
      logger: silentLogger,
      metrics: createMetrics(),
      timeouts: { connectMs: 200 },
    });
    const reported: SyncAnswer[] = [];
    const sync = { token, report: (answer: SyncAnswer) => void reported.push(answer) };
    await createLocalHost(subgraph).execute({ query: ROOTS, request: { identity: null, requestId: 'r', sync } });
    expect(reported).toEqual([
      { stale: true, reason: 'unknown', projections: ['templates/template-graph', 'templates/category-graph', 'templates/user-graph'] },
    ]);
  });
});
