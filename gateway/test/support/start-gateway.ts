import { createTokenVerifier, signDevelopmentToken } from '@loomgraph/auth';
import { createGateway, type Gateway, type GatewayDeps, type GatewaySettings, type SubgraphSource } from '@loomgraph/gateway';
import { createMemoryLogger, createMetrics, type MemoryLogger, type Metrics } from '@loomgraph/telemetry';
import { engineSettings, IDENTITY_SECRET } from './engine-run.js';

export const JWT_SECRET = 'test-secret-for-access-tokens-32-bytes';

/** No timer of a test gateway fires by itself: tests call `refreshSupergraph`. */
const settings: GatewaySettings = {
  instance: 'test',
  landingPage: { title: 'Test', defaultQuery: '{ __typename }' },
  maxBodyBytes: 100_000,
  pollIntervalMs: 3_600_000,
  startupWaitMs: 0,
  subgraphTimeoutMs: 5_000,
  shutdownGraceMs: 5_000,
  batching: undefined,
  csrfPrevention: true,
  forwardedHeaders: [],
  persistedOperationBytes: 100_000,
  engine: { ...engineSettings, maskErrors: true },
};

export interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: readonly (string | number)[]; extensions: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly logger: MemoryLogger;
  readonly metrics: Metrics;
  /** Posts an operation and answers the parsed body. */
  ask(query: string, options?: { variables?: object; headers?: Record<string, string>; operationName?: string }): Promise<GraphqlAnswer>;
  /** Any request; a path or the rest of one. */
  send(path: string, init?: RequestInit): Promise<Response>;
}

export interface TestGatewayOptions extends Partial<Omit<GatewayDeps, 'settings' | 'subgraphs' | 'logger'>> {
  readonly settings?: Partial<GatewaySettings>;
}

export async function startGateway(subgraphs: readonly SubgraphSource[], options: TestGatewayOptions = {}): Promise<TestGateway> {
  const logger = createMemoryLogger();
  const metrics = options.metrics ?? createMetrics();
  const gateway = await createGateway({
    subgraphs,
    tokenVerifier: createTokenVerifier({ secret: JWT_SECRET }),
    identitySecret: IDENTITY_SECRET,
    health: async () => [],
    ...options,
    logger,
    metrics,
    settings: { ...settings, ...options.settings },
  });
  await gateway.listen({ host: '127.0.0.1', port: 0 });
  const send = (path: string, init?: RequestInit): Promise<Response> => fetch(`${gateway.url}${path}`, init);
  return {
    gateway,
    logger,
    metrics,
    send,
    async ask(query, { variables, headers, operationName } = {}) {
      const body = JSON.stringify({ query, variables, operationName });
      const response = await send('/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
      return (await response.json()) as GraphqlAnswer;
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

export async function bearer(userId: string): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await signDevelopmentToken({ secret: JWT_SECRET, userId })}` };
}
