import { ApolloServer, HeaderMap } from '@apollo/server';
import { hashBody, IDENTITY_HEADER, type IdentityVerifier, type SignedRequest } from '@loomgraph/auth';
import { LoomError, readSyncHeaders, StoreError, type SyncRequest } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { randomUUID } from 'node:crypto';
import type { Subgraph } from './define-subgraph.js';
import { toGraphQLError } from './format-error.js';
import { httpCancellation } from './http-cancellation.js';
import { answerSync, withSync } from './http-sync.js';
import { legacyStatus } from './legacy-status.js';

export interface HttpHostOptions {
  /** Refuses calls that the gateway did not sign; without it the subgraph takes everyone for anonymous. */
  readonly identityVerifier?: Pick<IdentityVerifier, 'verifyRequest'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly bodyLimitBytes?: number;
  /** By path: JSON documents that anyone may read, such as `/.well-known/jwks.json`. */
  readonly documents?: Readonly<Record<string, () => Promise<object>>>;
}

export interface HttpHost extends AsyncDisposable {
  /** Address of the GraphQL endpoint. */
  readonly url: string;
  /** Stops taking requests, lets those in progress end. The subgraph itself stays open. */
  close(): Promise<void>;
}

/** Long enough to spare the server, short enough for a key that was just made. */
const DOCUMENT_CACHING = 'public, max-age=60';

const bodyHash = Symbol('bodyHash');
type Hashed = FastifyRequest & { [bodyHash]?: string };

/** Runs a subgraph as a server of its own: `/graphql` for the gateway, `/health/live`, `/health/ready`, `/metrics`. */
export async function createHttpHost(subgraph: Subgraph, options: HttpHostOptions): Promise<HttpHost> {
  const { logger, metrics, host = '127.0.0.1' } = options;
  const server = new ApolloServer<object>({
    schema: subgraph.schema,
    plugins: [legacyStatus, answerSync],
    // The gateway asks for `_service` and its own clients have no browser: there is no form post to be forged.
    csrfPrevention: false,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError(formatted, error) {
      if (!(error instanceof GraphQLError)) return formatted;
      const mapped = toGraphQLError(error);
      // Whoever asked sees no more than a code: what really happened is for this process's log.
      if (mapped.originalError && (mapped.originalError instanceof StoreError || mapped.extensions['exposure'] === 'internal')) {
        logger.error('A field failed.', { subgraph: subgraph.name, path: mapped.path?.join('.'), error: mapped.originalError });
      }
      return mapped.toJSON();
    },
    logger: {
      debug: (m) => logger.debug(String(m)),
      info: (m) => logger.info(String(m)),
      warn: (m) => logger.warn(String(m)),
      error: (m) => logger.error(String(m)),
    },
  });
  await server.start();

  const app = Fastify({ bodyLimit: options.bodyLimitBytes ?? 10 * 1024 * 1024, forceCloseConnections: 'idle' });
  // The signed identity covers the bytes of the body, so they are hashed before they are parsed.
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    (request as Hashed)[bodyHash] = hashBody(body);
    try {
      done(null, JSON.parse((body as Buffer).toString('utf8')));
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }));
    }
  });
  mountGraphQL(app, server, subgraph, options);
  mountHealth(app, subgraph, metrics);
  for (const [path, read] of Object.entries(options.documents ?? {})) {
    app.get(path, async (_request, reply) => reply.header('cache-control', DOCUMENT_CACHING).send(await read()));
  }

  await app.listen({ host, port: options.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  const url = `http://${host}:${port}/graphql`;
  logger.info('The subgraph listens.', { subgraph: subgraph.name, url });

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= app.close().then(() => server.stop()));
  return { url, close, [Symbol.asyncDispose]: close };
}

function mountGraphQL(app: FastifyInstance, server: ApolloServer<object>, subgraph: Subgraph, options: HttpHostOptions): void {
  app.post('/graphql', async (request, reply) => {
    const requestId = header(request, 'x-request-id') ?? randomUUID();
    const traceparent = header(request, 'traceparent');
    let signed: SignedRequest = { identity: null };
    try {
      const hash = (request as Hashed)[bodyHash];
      const { identityVerifier } = options;
      if (identityVerifier)
        signed = await identityVerifier.verifyRequest(header(request, IDENTITY_HEADER), hash === undefined ? {} : { bodyHash: hash });
    } catch (error) {
      if (!(error instanceof LoomError)) throw error;
      return reply.status(error.entry.status).send(refusal(error));
    }
    let sync: SyncRequest | undefined;
    try {
      sync = readSyncHeaders((name) => header(request, name));
    } catch (error) {
      if (!(error instanceof LoomError)) throw error;
      return reply.status(400).send(refusal(error));
    }
    const cancellation = httpCancellation(request.raw, reply.raw);
    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers: toHeaderMap(request), search: '', body: request.body },
      context: () =>
        Promise.resolve(
          withSync(sync, (sync) =>
            subgraph.createContext({ ...signed, requestId, sync, cancellation, ...(traceparent === undefined ? {} : { traceparent }) }),
          ),
        ),
    });
    for (const [name, value] of response.headers) void reply.header(name, value);
    void reply.status(response.status ?? 200);
    if (response.body.kind === 'complete') return reply.send(response.body.string);
    throw new Error('Subgraphs do not answer incrementally.');
  });
}

function mountHealth(app: FastifyInstance, subgraph: Subgraph, metrics: Metrics): void {
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const stores = await subgraph.health();
    const ok = stores.every((store) => store.ok);
    return reply.status(ok ? 200 : 503).send({ status: ok ? 'ready' : 'unready', components: stores });
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await metrics.render();
    return reply.header('content-type', contentType).send(body);
  });
}

function refusal({ message, code }: LoomError): object {
  return { errors: [{ message, extensions: { code } }] };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function toHeaderMap(request: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  return map;
}
