import { auditServer } from 'graphql-http';
import { createProducts, createReviews } from './support/sample-subgraphs.js';
import { startFront } from './support/start-front.js';
import { startGateway } from './support/start-gateway.js';

/**
 * The audit of the GraphQL over HTTP specification: every MUST, SHOULD and MAY. It wants 400 where the newest draft suggests 422,
 * and knows no status 294.
 */
const failuresOf = async (options: Parameters<typeof auditServer>[0]): Promise<string[]> => {
  const results = await auditServer(options);
  expect(results.length).toBeGreaterThan(60);
  return results.flatMap((result) => (result.status === 'ok' ? [] : [`${result.id} ${result.name}: ${result.reason}`]));
};

describe('the audit of GraphQL over HTTP', () => {
  it('passes whole for a client that marks its GET requests as its own', async () => {
    await using front = await startFront();
    const fetchFn = (url: string, init: RequestInit = {}): Promise<Response> =>
      fetch(url, init.method === 'POST' ? init : { ...init, headers: { ...init.headers, 'apollo-require-preflight': 'true' } });
    expect(await failuresOf({ url: front.url, fetchFn })).toEqual([]);
  });

  it('passes whole where cross-site requests are not prevented', async () => {
    await using front = await startFront({ csrfPrevention: false });
    expect(await failuresOf({ url: front.url })).toEqual([]);
  });

  it('passes whole on the gateway as it serves, its subgraphs with it', async () => {
    await using test = await startGateway(
      [createProducts(), createReviews()].map((subgraph) => ({ kind: 'local', subgraph })),
      {
        settings: { csrfPrevention: false },
      },
    );
    expect(await failuresOf({ url: `${test.gateway.url}/graphql` })).toEqual([]);
  });

  it('lacks three MAYs by default: a bare GET might come from another site', async () => {
    await using front = await startFront();
    const failures = await failuresOf({ url: front.url });
    expect(failures.map((failure) => failure.slice(0, 8))).toEqual(['5A70 MAY', 'D6D5 MAY', '6A70 MAY']);
  });
});
