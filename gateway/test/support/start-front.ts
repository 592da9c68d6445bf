import type { AddressInfo } from 'node:net';
import { createTokenVerifier } from '@loomgraph/auth';
import { createMemoryLogger, createMetrics, type MemoryLogger, type Metrics } from '@loomgraph/telemetry';
import { buildSchema } from 'graphql';
import { createHttpApp } from '../../src/http/app.js';
import { createIdentify } from '../../src/request/identity.js';
import { createGraphqlFront, type GraphqlFrontDeps } from '../../src/http/graphql-front.js';
import { createInFlight, type InFlight } from '../../src/http/in-flight.js';
import { createOperationDeadlines } from '../../src/http/operation-deadlines.js';
import { defaultDocumentLimits } from '../../src/request/limits/document-limits.js';
import { createMemoryPersistedOperations } from '../../src/request/persisted-operations.js';
import { createRequestReport } from '../../src/telemetry/request-report.js';
import { JWT_SECRET } from './start-gateway.js';
import { createTestEngine } from './test-engine.js';

export const MAX_BODY_BYTES = 10_000;

const schema = buildSchema('type Query { greeting(name: String = "you"): String } type Mutation { forget: Boolean }');

export interface TestFront extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly logger: MemoryLogger;
  readonly metrics: Metrics;
  readonly inFlight: InFlight;
  /** The fields of each line of the access log. */
  reports(): readonly Readonly<Record<string, unknown>>[];
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  get(search: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** The HTTP front alone on a port of its own, by default over a small schema of graphql-js. */
export async function startFront(options: Partial<GraphqlFrontDeps> & { readonly headersTimeoutMs?: number } = {}): Promise<TestFront> {
  const logger = createMemoryLogger();
  const metrics = createMetrics();
  const inFlight = createInFlight();
  const graphql = createGraphqlFront({
    maxBodyBytes: MAX_BODY_BYTES,
    engine: createTestEngine(schema),
    identify: createIdentify({ tokenVerifier: createTokenVerifier({ secret: JWT_SECRET }) }),
    persistedOperations: createMemoryPersistedOperations({ maxBytes: 100_000 }),
    trustedDocuments: undefined,
    admit: undefined,
    landingPage: undefined,
    batching: undefined,
    csrfPrevention: true,
    forwardedHeaders: [],
    maxJsonDepth: 64,
    limits: defaultDocumentLimits,
    requestTimeoutMs: 5_000,
    isDraining: () => false,
    operationDeadlines: createOperationDeadlines(undefined),
    heartbeatMs: 15_000,
    ...options,
    logger,
    inFlight,
    report: createRequestReport({ logger, metrics }),
  });
  const app = await createHttpApp({ maxBodyBytes: MAX_BODY_BYTES, headersTimeoutMs: options.headersTimeoutMs ?? 5_000, logger, graphql });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo; // listening on TCP
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    url,
    port,
    logger,
    metrics,
    inFlight,
    reports: () => logger.lines.filter(({ message }) => message === 'Request').map(({ fields }) => fields),
    post: (body, headers) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (search, headers) => fetch(`${url}${search}`, { headers: { 'apollo-require-preflight': '1', ...headers } }),
    [Symbol.asyncDispose]: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
