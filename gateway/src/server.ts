import type { ApolloServerPlugin } from '@apollo/server';
import {
  createIdentitySigner,
  type ApiKeyResolver,
  type AuditSink,
  type RevocationList,
  type SecretLike,
  type TokenVerifier,
} from '@loomgraph/auth';
import { systemClock, type Clock, type Health } from '@loomgraph/core';
import type { Bus } from '@loomgraph/stores/bus';
import type { Logger, Metrics, Spans } from '@loomgraph/telemetry';
import type { FastifyInstance } from 'fastify';
import { refuseUnserved } from './apollo/refuse-unserved.js';
import { createEngine, type EngineSettings } from './execution/create-engine.js';
import type { RecordOperation } from './execution/generation.js';
import { createHttpApp } from './http/app.js';
import type { BatchSettings } from './http/answer-batch.js';
import { createCors, type CorsSettings } from './http/cors.js';
import { createGraphqlFront } from './http/graphql-front.js';
import { GRAPHQL_PATH } from './http/graphql-path.js';
import { registerHealthRoutes } from './http/health-routes.js';
import { createInFlight } from './http/in-flight.js';
import { createOperationDeadlines } from './http/operation-deadlines.js';
import { createOverload, type OverloadSettings } from './http/overload.js';
import type { LandingPage } from './http/landing-page.js';
import type { PolicyDecider } from './authorization/policy-decider.js';
import type { Admit } from './request/admit.js';
import { createAuditDenials } from './request/audit-denials.js';
import { createClientAddress } from './request/client-address.js';
import type { Budgets } from './request/budgets/budgets.js';
import { defaultDocumentLimits } from './request/limits/document-limits.js';
import { createAnswerCaller } from './request/answer-caller.js';
import { createAnswerOperation } from './request/answer-operation.js';
import { createErrorMasker } from './request/mask-errors.js';
import { createReadCaller } from './request/read-caller.js';
import { createIdentify, type StaleRevocationSetting } from './request/identity.js';
import { createMemoryPersistedOperations } from './request/persisted-operations.js';
import type { TrustedDocuments } from './request/trusted-documents/trusted-documents.js';
import type { RestSettings } from './rest/rest-settings.js';
import { callOnce } from './subgraphs/call-once.js';
import { createSubgraphHttp } from './subgraphs/http-call.js';
import type { TrafficSettings } from './subgraphs/traffic/traffic-settings.js';
import { createHttpEventStreams } from './subgraphs/http-event-stream.js';
import { defaultLiveSettings } from './live/live-settings.js';
import { openSupergraph, type SupergraphLocation } from './supergraph/open-supergraph.js';
import type { RefreshOutcome } from './supergraph/port.js';
import { createSdlReader } from './supergraph/read-sdl.js';
import type { SubgraphSource } from './supergraph/subgraph-source.js';
import { measurePersistedOperations } from './telemetry/measure-persisted-operations.js';
import { createWebSocketFront } from './websocket/websocket-front.js';
import { createRequestReport } from './telemetry/request-report.js';
import { createTraceRequest } from './telemetry/trace-request.js';

const MAX_JSON_DEPTH = 64;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 15_000;

/** The settings `createGateway` reads; durations in milliseconds. */
export interface GatewaySettings {
  readonly instance: string;
  /** Undefined: browsers get no page. */
  readonly landingPage: LandingPage | undefined;
  readonly maxBodyBytes: number;
  /** How deep the JSON of a request may nest; 64 when left out. */
  readonly maxJsonDepth?: number;
  /** How long the body of a GraphQL request may take to arrive; 30 s when left out. */
  readonly requestTimeoutMs?: number;
  /** How long the headers of a request may take to arrive; 15 s when left out. */
  readonly headersTimeoutMs?: number;
  /** Which pages of other sites may use the endpoint; none when left out. */
  readonly cors?: CorsSettings;
  readonly pollIntervalMs: number;
  readonly startupWaitMs: number;
  readonly subgraphTimeoutMs: number;
  /** How remote subgraphs are called; `defaultTraffic` when left out. */
  readonly traffic?: TrafficSettings;
  /** How long a query over GraphQL may take; as long as it takes when left out. */
  readonly operationTimeoutMs?: number | undefined;
  /** When requests are turned away; never when left out. */
  readonly overload?: OverloadSettings;
  readonly shutdownGraceMs: number;
  readonly engine: EngineSettings;
  /** Undefined: arrays of operations are refused. */
  readonly batching: BatchSettings | undefined;
  readonly csrfPrevention: boolean;
  /** Names of the client's headers that subgraphs are sent, too. */
  readonly forwardedHeaders: readonly string[];
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
  /** What happens to callers with a token while revocations cannot be read; `refuse` when left out. */
  readonly staleRevocations?: StaleRevocationSetting;
  /** For texts that clients register by their hash; undefined: they must send every text. */
  readonly persistedOperationBytes: number | undefined;
}

export interface GatewayDeps {
  /** Local subgraphs stay the caller's: started before, closed after the gateway. With a `location`, where its subgraphs run instead. */
  readonly subgraphs: readonly SubgraphSource[];
  /** Of a supergraph that was composed elsewhere. */
  readonly location?: SupergraphLocation | undefined;
  /** Undefined: access tokens are not looked at, every caller is anonymous. */
  readonly tokenVerifier: TokenVerifier | undefined;
  /** Undefined: API keys are not looked at. */
  readonly apiKeys?: ApiKeyResolver | undefined;
  /** Told of what the gateway itself denies. */
  readonly auditSink?: Pick<AuditSink, 'record'> | undefined;
  /** Undefined: nothing is taken back before it expires. */
  readonly revocations?: RevocationList | undefined;
  /** Decides `@policy`; undefined: no policy is met by anybody. */
  readonly policies?: PolicyDecider | undefined;
  /** Signs who asks in requests to remote subgraphs; at least 32 bytes. Undefined: they are not told. */
  readonly identitySecret: SecretLike | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where traces go; nothing is traced when left out. */
  readonly spans?: Spans | undefined;
  /** The stores this process needs, for `/health/ready`. */
  readonly health: () => Promise<readonly Health[]>;
  readonly settings: GatewaySettings;
  /** REST over operations of the graph; none when left out. */
  readonly rest?: RestSettings | undefined;
  /** Routes beside GraphQL, in a Fastify scope of their own. */
  readonly extraRoutes?: (app: FastifyInstance) => void | Promise<void>;
  /** Documents that are known beforehand; undefined: every document may be executed. */
  readonly trustedDocuments?: TrustedDocuments | undefined;
  /** What callers may spend; undefined: as much as they like. */
  readonly budgets?: Budgets | undefined;
  /** Asked before each operation; lets everything pass when left out. */
  readonly admit?: Admit;
  /** Puts Apollo Server in front of the engine, for its plugins; it does not serve all that is configured here (docs/limits.md). */
  readonly apolloPlugins?: readonly ApolloServerPlugin[];
  /** Told of every valid operation that is not in the cache. */
  readonly recordOperation?: RecordOperation | undefined;
  /** Where the events of `@subscriptionTopic` come from; undefined: such fields are refused. */
  readonly bus?: Bus | undefined;
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
 * @throws LoomError CONFIG_INVALID for what is not served with `apolloPlugins`
 * @throws Error naming a remote subgraph that does not answer within `startupWaitMs`
 */
export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const { logger, metrics, settings, tokenVerifier, apiKeys, revocations } = deps;
  if (deps.apolloPlugins !== undefined) refuseUnserved(deps);
  const identify = createIdentify({ tokenVerifier, apiKeys, revocations, staleRevocations: settings.staleRevocations });
  await using setup = new AsyncDisposableStack();
  const signer = deps.identitySecret === undefined ? undefined : createIdentitySigner({ secret: deps.identitySecret });
  const http = setup.use(
    createSubgraphHttp({
      signer,
      timeoutMs: settings.subgraphTimeoutMs,
      traffic: settings.traffic,
      metrics,
      logger,
    }),
  );
  const eventStreams = setup.use(createHttpEventStreams({ signer, timeoutMs: settings.subgraphTimeoutMs }));
  const supergraph = setup.use(
    await openSupergraph({
      sources: deps.subgraphs,
      location: deps.location,
      timeoutMs: settings.subgraphTimeoutMs,
      readSdl: createSdlReader({
        post: ({ subgraph, url, fetch: { query, operationName, request } }) =>
          callOnce(
            http.prepare(url, { subgraph, operation: query, operationName, operationKind: 'query', isProbe: true }),
            undefined,
            request,
          ),
      }),
      pollIntervalMs: settings.pollIntervalMs,
      startupWaitMs: settings.startupWaitMs,
      logger,
      metrics,
      clock: deps.clock ?? systemClock,
    }),
  );
  const engine = setup.use(
    await createEngine({
      recordOperation: deps.recordOperation,
      budgets: deps.budgets,
      policies: deps.policies,
      supergraph,
      http,
      eventStreams,
      bus: deps.bus,
      isRevoked: revocations && ((identity) => revocations.isRevoked(identity)),
      logger,
      metrics,
      settings: settings.engine,
      trace: deps.spans === undefined ? undefined : createTraceRequest(deps.spans),
    }),
  );

  const inFlight = createInFlight();
  const overload = settings.overload && createOverload({ settings: settings.overload, inFlight, metrics });
  setup.defer(() => overload?.close());
  metrics.gauge('gateway_requests_in_flight', 'Requests that have begun and not ended.', [], (gauge) => gauge.set({}, inFlight.count()));
  let draining = false;
  const isDraining = (): boolean => draining;
  const report = createRequestReport({ logger, metrics });
  const { maxBodyBytes } = settings;
  const clientAddress = createClientAddress(settings.trustedProxies ?? []);
  const callers = {
    identify,
    forwardedHeaders: settings.forwardedHeaders,
    clientAddress,
    auditDenials: deps.auditSink && createAuditDenials({ sink: deps.auditSink }),
  };
  const cors = settings.cors && createCors(settings.cors);
  const persistedOperations =
    settings.persistedOperationBytes === undefined
      ? undefined
      : measurePersistedOperations(createMemoryPersistedOperations({ maxBytes: settings.persistedOperationBytes }), metrics);
  const operations = { engine, persistedOperations, trustedDocuments: deps.trustedDocuments, admit: deps.admit, logger };
  const live = settings.engine.live ?? defaultLiveSettings;
  const transport = { heartbeatMs: live.heartbeatMs, maxJsonDepth: settings.maxJsonDepth ?? MAX_JSON_DEPTH, maxBodyBytes, cors, report };
  const graphql =
    deps.apolloPlugins === undefined
      ? createGraphqlFront({
          ...callers,
          ...operations,
          ...transport,
          landingPage: settings.landingPage,
          batching: settings.batching,
          csrfPrevention: settings.csrfPrevention,
          limits: settings.engine.limits ?? defaultDocumentLimits,
          requestTimeoutMs: settings.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
          inFlight,
          overload,
          operationDeadlines: createOperationDeadlines(settings.operationTimeoutMs),
          isDraining,
        })
      : undefined;
  const webSockets =
    deps.apolloPlugins === undefined
      ? createWebSocketFront({
          ...transport,
          answerOperation: createAnswerCaller(createAnswerOperation(operations), callers.auditDenials),
          readCaller: createReadCaller(callers),
          mask: createErrorMasker({ logger }),
          maxOperations: live.maxPerCaller,
          maxConnections: live.maxTotal,
          logger,
        })
      : undefined;
  const app = await createHttpApp({
    maxBodyBytes,
    headersTimeoutMs: settings.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
    logger,
    graphql,
    upgrade: webSockets && ((request, socket, head) => webSockets.upgrade(request, socket, head)),
  });
  setup.defer(() => app.close());
  // Before it: a server that closes waits for its connections.
  if (webSockets !== undefined) setup.use(webSockets);
  if (deps.apolloPlugins !== undefined) {
    // Loaded only where it serves.
    const { registerApolloServer } = await import('./apollo/apollo-server.js');
    setup.use(
      await registerApolloServer(app, {
        engine,
        plugins: deps.apolloPlugins,
        clientAddress,
        identify,
        settings,
        report,
        inFlight,
        isDraining,
        logger,
      }),
    );
  }
  registerHealthRoutes(app, { instance: settings.instance, supergraph, metrics, stores: deps.health, isDraining });
  if (settings.landingPage) app.get('/', (_request, reply) => reply.redirect(GRAPHQL_PATH));
  const { extraRoutes, rest } = deps;
  let url: string | undefined;
  const ownUrl = (): string => {
    if (url === undefined) throw new Error('The gateway does not listen yet.');
    return url;
  };
  if (rest !== undefined) {
    // Loaded only where it serves.
    const { registerRest } = await import('./rest/register-rest.js');
    const restDeps = { ...callers, engine, admit: deps.admit, cors, report, inFlight, isDraining, logger, settings: rest, ownUrl };
    await app.register(async (scope) => registerRest(scope, restDeps));
  }
  if (extraRoutes) await app.register(async (scope) => extraRoutes(scope));
  await app.ready();

  const resources = setup.move();
  const shutDown = async (): Promise<void> => {
    draining = true;
    engine.restartSubscriptions();
    webSockets?.restart();
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

  return {
    get url() {
      return ownUrl();
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
