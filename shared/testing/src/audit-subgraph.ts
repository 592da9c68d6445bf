import { createIdentitySigner, createIdentityVerifier, hashBody, IDENTITY_HEADER } from '@loomgraph/auth';
import { createHttpHost, type Subgraph } from '@loomgraph/subgraph-kit';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { auditServer } from 'graphql-http';

const SECRET = 'test-secret-for-signed-identity-32-bytes';

/**
 * MAYs that a subgraph leaves out. It is asked by gateways alone, and they sign the body of what they ask: a GET has none, so there is no
 * GET.
 */
export const GET_REQUESTS: readonly string[] = ['5A70 MAY', 'D6D5 MAY', '6A70 MAY'];

export interface SubgraphAudit {
  /** How many audits there are. */
  readonly count: number;
  /** Number, level, name and reason of each that failed. */
  readonly failures: readonly string[];
}

/** Runs the whole audit of GraphQL over HTTP on a subgraph as a server of its own, asked as a gateway asks. Closes the subgraph. */
export async function auditSubgraph(subgraph: Subgraph): Promise<SubgraphAudit> {
  const server = await createHttpHost(subgraph, {
    identityVerifier: createIdentityVerifier({ secret: SECRET, audience: subgraph.name }),
    logger: silentLogger,
    metrics: createMetrics(),
    host: '127.0.0.1',
    port: 0,
  });
  try {
    const signer = createIdentitySigner({ secret: SECRET });
    const fetchFn = async (url: string, init: RequestInit = {}): Promise<Response> => {
      const signed = typeof init.body === 'string' ? { bodyHash: hashBody(init.body) } : {};
      const identity = signer.sign(null, { audience: subgraph.name, ...signed });
      return fetch(url, { ...init, headers: { ...init.headers, [IDENTITY_HEADER]: identity } });
    };
    const results = await auditServer({ url: server.url, fetchFn });
    const failures = results.flatMap((result) => (result.status === 'ok' ? [] : [`${result.id} ${result.name}: ${result.reason}`]));
    return { count: results.length, failures };
  } finally {
    await server.close();
  }
}
