import { AsyncLocalStorage } from 'node:async_hooks';
import { ApolloServer, type BaseContext } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { createIdentitySigner, type SecretLike, type TokenVerifier } from '@loomgraph/auth';
import { systemClock, type Clock, type Health } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { FastifyInstance } from 'fastify';
import { createApolloExecutor } from './execution/apollo-executor.js';
import type { CreateSupergraphExecutor } from './execution/port.js';
import { createSubgraphHttp } from './execution/subgraph-http.js';
import { createSubgraphTransports } from './execution/subgraph-transports.js';
import { createHttpApp } from './http/app.js';
import { GRAPHQL_PATH, registerGraphqlRoute } from './http/graphql-route.js';
import { registerHealthRoutes } from './http/health-routes.js';
import { createInFlight } from './http/in-flight.js';
import { createLandingPagePlugin, type LandingPage } from './http/landing-page.js';
import { createErrorFormatter } from './request/mask-errors.js';
import type { RequestScope } from './request/request-scope.js';
import { createLiveSupergraph, type RefreshOutcome } from './supergraph/live-supergraph.js';
import { createSdlReader } from './supergraph/read-sdl.js';
import type { SubgraphSource } from './supergraph/subgraph-source.js';
import { toApolloLogger } from './telemetry/apollo-logger.js';
import { createOperationPlugin } from './telemetry/operation-plugin.js';
import { createRequestReport } from './telemetry/request-report.js';

/** The settings `createGateway` reads; durations in milliseconds. */
export interface GatewaySettings {
  readonly instance: string;
  /** Undefined: browsers get no page. */
  readonly landingPage: LandingPage | undefined;
  readonly introspection: boolean;
  readonly maxBodyBytes: number;
  readonly pollIntervalMs: number;
  readonly startupWaitMs: number;
  readonly subgraphTimeoutMs: number;
  readonly shutdownGraceMs: number;
}

export interface GatewayDeps {
  /** Local subgraphs stay the caller's: started before, closed after the gateway. */
  readonly subgraphs: readonly SubgraphSource[];
  readonly tokenVerifier: TokenVerifier;
  /** Signs who asks in requests to remote subgraphs; at least 32 bytes. */
  readonly identitySecret: SecretLike;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The stores this process needs, for `/health/ready`. */
  readonly health: () => Promise<readonly Health[]>;
  readonly settings: GatewaySettings;
  /** Routes beside GraphQL, in a Fastify scope of their own. */
  readonly extraRoutes?: (app: FastifyInstance) => void | Promise<void>;
  /** Defaults to the executor of `@apollo/gateway`. */
  readonly createExecutor?: CreateSupergraphExecutor;
  readonly clock?: Clock;
}

export interface Gateway extends AsyncDisposable {
  /** `http://host:port`. @throws Error before `listen` */
  readonly url: string;
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Takes a changed subgraph into the supergraph while requests run; what does not compose leaves everything as it is. */
  replaceSubgraph(source: SubgraphSource): Promise<RefreshOutcome>;
  /** Reads the schemas of the remote subgraphs now instead of at the next poll. */
  refreshSupergraph(): Promise<RefreshOutcome>;
  /** Not ready at once, then waits for requests in flight (at most `shutdownGraceMs`), then closes. Runs once. */
  close(): Promise<void>;
}

/**
 * Composes the supergraph and wires the gateway; listens on nothing.
 * @throws CompositionError when the subgraphs do not fit together
 * @throws Error naming a remote subgraph that does not answer within `startupWaitMs`
 */
export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const { logger, metrics, settings } = deps;
  await using setup = new AsyncDisposableStack();
  const http = setup.use(
    createSubgraphHttp({ signer: createIdentitySigner({ secret: deps.identitySecret }), timeoutMs: settings.subgraphTimeoutMs }),
  );
  const transports = createSubgraphTransports({ http, metrics });
  const supergraph = setup.use(
    await createLiveSupergraph({
      sources: deps.subgraphs,
      readSdl: createSdlReader(http),
      pollIntervalMs: settings.pollIntervalMs,
      startupWaitMs: settings.startupWaitMs,
      logger,
      metrics,
      clock: deps.clock ?? systemClock,
    }),
  );

  const scopes = new AsyncLocalStorage<RequestScope>();
  const currentScope = (): RequestScope | undefined => scopes.getStore();
  const createExecutor = deps.createExecutor ?? createApolloExecutor;
  const apollo = new ApolloServer<BaseContext>({
    gateway: createExecutor({ supergraph, transports, logger }),
    logger: toApolloLogger(logger),
    introspection: settings.introspection,
    hideSchemaDetailsFromClientErrors: !settings.introspection,
    // Apollo would otherwise decide these two by NODE_ENV and by itself.
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: createErrorFormatter({ logger, currentScope }),
    plugins: [
      createOperationPlugin({ logger, currentScope }),
      createLandingPagePlugin(settings.landingPage),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  setup.defer(() => apollo.stop());

  const app = await createHttpApp({ maxBodyBytes: settings.maxBodyBytes, logger });
  setup.defer(() => app.close());
  const inFlight = createInFlight();
  let draining = false;
  const isDraining = (): boolean => draining;
  const report = createRequestReport({ logger, metrics });
  registerGraphqlRoute(app, { apollo, tokenVerifier: deps.tokenVerifier, scopes, report, inFlight, isDraining });
  registerHealthRoutes(app, { instance: settings.instance, supergraph, metrics, stores: deps.health, isDraining });
  if (settings.landingPage) app.get('/', (_request, reply) => reply.redirect(GRAPHQL_PATH));
  const { extraRoutes } = deps;
  if (extraRoutes) await app.register(async (scope) => extraRoutes(scope));
  await app.ready();

  const resources = setup.move();
  const shutDown = async (): Promise<void> => {
    draining = true;
    logger.info('Shutting down', { inFlight: inFlight.count() });
    const cutOff = await inFlight.drained(settings.shutdownGraceMs);
    if (cutOff > 0) {
      logger.warn('Requests were cut off', { count: cutOff, shutdownGraceMs: settings.shutdownGraceMs });
      app.server.closeAllConnections();
    }
    await resources.disposeAsync();
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown());
  let url: string | undefined;

  return {
    get url() {
      if (url === undefined) throw new Error('The gateway does not listen yet.');
      return url;
    },
    async listen({ host, port }) {
      return (url = await app.listen({ host, port }));
    },
    replaceSubgraph: (source) => supergraph.replace(source),
    refreshSupergraph: () => supergraph.refresh(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
