import { randomUUID } from 'node:crypto';
import { createIdentityVerifier, createTokenVerifier } from '@loomgraph/auth';
import { createGateway, type EngineSettings, type GatewaySettings, type SubgraphSource } from '@loomgraph/gateway';
import { createHttpHost, type Subgraph } from '@loomgraph/subgraph-kit';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import type { ExecutionResult } from 'graphql';
import type { FederatedRun } from '../operation.ts';

export type Transport = 'local' | 'remote';

export interface GatewayRunOptions {
  readonly subgraphs: readonly Subgraph[];
  readonly transport: Transport;
  readonly resources: AsyncDisposableStack;
  /** Called when an answer is complete. */
  readonly onAnswered?: (requestId: string) => void;
  readonly engine: Pick<EngineSettings, 'planner' | 'coalescing'>;
}

const TOKEN_SECRET = 'an-access-token-secret-of-the-drill';
const IDENTITY_SECRET = 'a-signed-identity-secret-of-the-drill';

/** An operation that takes longer has no answer. */
const ANSWER_MS = 20_000;

const engineSettings = {
  cacheBytes: 64 * 2 ** 20,
  planTimeoutMs: 10_000,
  introspection: 'public' as const,
  maskErrors: true,
  explain: 'off' as const,
};

const gatewaySettings: Omit<GatewaySettings, 'engine'> = {
  instance: 'oracle',
  landingPage: undefined,
  maxBodyBytes: 1_000_000,
  pollIntervalMs: 3_600_000,
  startupWaitMs: 10_000,
  subgraphTimeoutMs: 30_000,
  shutdownGraceMs: 1_000,
  batching: undefined,
  csrfPrevention: false,
  forwardedHeaders: [],
  persistedOperationBytes: undefined,
};

/** This project's gateway over these subgraphs, in its process or behind HTTP; asked over HTTP as any client would. */
export async function createGatewayRun(options: GatewayRunOptions): Promise<FederatedRun> {
  const { subgraphs, transport, resources, engine, onAnswered } = options;
  const sources = await Promise.all(subgraphs.map((subgraph) => host(subgraph, transport, resources)));
  const gateway = resources.use(
    await createGateway({
      subgraphs: sources,
      tokenVerifier: createTokenVerifier({ secret: TOKEN_SECRET }),
      identitySecret: IDENTITY_SECRET,
      logger: silentLogger,
      metrics: createMetrics(),
      health: async () => [],
      settings: { ...gatewaySettings, engine: { ...engineSettings, ...engine, fetchSharing: engine.coalescing } },
    }),
  );
  const url = `${await gateway.listen({ host: '127.0.0.1', port: 0 })}/graphql`;

  return async ({ query, operationName, variables }) => {
    const requestId = randomUUID();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', 'x-request-id': requestId },
      body: JSON.stringify({ query, operationName, variables }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    onAnswered?.(requestId);
    return JSON.parse(text) as ExecutionResult; // whatever it is, the comparison decides
  };
}

async function host(subgraph: Subgraph, transport: Transport, resources: AsyncDisposableStack): Promise<SubgraphSource> {
  if (transport === 'local') return { kind: 'local', subgraph };
  const server = resources.use(
    await createHttpHost(subgraph, {
      identityVerifier: createIdentityVerifier({ secret: IDENTITY_SECRET, audience: subgraph.name }),
      logger: silentLogger,
      metrics: createMetrics(),
      port: 0,
    }),
  );
  return { kind: 'remote', name: subgraph.name, url: server.url };
}
