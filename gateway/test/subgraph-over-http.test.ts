import { createIdentitySigner, hashBody, IDENTITY_HEADER } from '@loomgraph/auth';
import { auditServer } from 'graphql-http';
import { createProducts } from './support/sample-subgraphs.js';
import { host, type HostedSubgraph } from './support/servers.js';
import { IDENTITY_SECRET } from './support/start-gateway.js';

/**
 * MAYs that a subgraph leaves out. It is asked by gateways alone, and they sign the body of what they ask: a GET has none, so there is no
 * GET.
 */
const GET_REQUESTS = ['5A70 MAY', 'D6D5 MAY', '6A70 MAY'];

const urlOf = ({ source }: HostedSubgraph): string => {
  if (source.kind !== 'remote') throw new Error('This subgraph is not behind HTTP.');
  return source.url;
};

describe('the audit of GraphQL over HTTP', () => {
  it('passes for a subgraph that is a server of its own, but for GET requests', async () => {
    await using hosted = await host('remote', createProducts());
    const signer = createIdentitySigner({ secret: IDENTITY_SECRET });
    const fetchFn = async (url: string, init: RequestInit = {}): Promise<Response> => {
      const signed = typeof init.body === 'string' ? { bodyHash: hashBody(init.body) } : {};
      const identity = await signer.sign(null, { audience: 'products', ...signed });
      return fetch(url, { ...init, headers: { ...init.headers, [IDENTITY_HEADER]: identity } });
    };
    const results = await auditServer({ url: urlOf(hosted), fetchFn });
    expect(results.length).toBeGreaterThan(60);
    const failures = results.flatMap((result) => (result.status === 'ok' ? [] : [`${result.id} ${result.name}: ${result.reason}`]));
    expect(failures.map((failure) => failure.slice(0, 8))).toEqual(GET_REQUESTS);
  });
});
