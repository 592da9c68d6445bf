import type { GatewayConfig } from '../config.js';
import type { LandingPage } from '../http/landing-page.js';
import { toLiveSettings } from '../live/live-setting-definitions.js';
import { toCostSettings } from '../request/cost/cost-settings.js';
import { toDocumentLimits } from '../request/limits/limit-settings.js';
import { toTraffic } from '../subgraphs/traffic/traffic-config.js';
import type { GatewaySettings } from '../server.js';

/** What `createGateway` reads of the process's configuration. @param landingPage none where left out */
export function gatewaySettings(
  { auth, server, subgraphs, traffic, overload, limits, cost, cors, graphql, subscriptions }: GatewayConfig,
  landingPage?: LandingPage,
): GatewaySettings {
  return {
    instance: server.instance,
    landingPage: graphql.landingPage ? landingPage : undefined,
    maxBodyBytes: server.maxBodyBytes,
    maxJsonDepth: limits.maxJsonDepth,
    requestTimeoutMs: limits.requestTimeoutMs,
    headersTimeoutMs: limits.headersTimeoutMs,
    cors,
    shutdownGraceMs: server.shutdownGraceMs,
    pollIntervalMs: subgraphs.pollIntervalMs,
    startupWaitMs: subgraphs.startupWaitMs,
    subgraphTimeoutMs: subgraphs.timeoutMs,
    traffic: toTraffic(traffic),
    operationTimeoutMs: traffic.operationTimeoutMs === 0 ? undefined : traffic.operationTimeoutMs,
    overload,
    forwardedHeaders: subgraphs.forwardHeaders,
    trustedProxies: server.trustedProxies,
    batching: graphql.maxBatchSize === 0 ? undefined : { maxOperations: graphql.maxBatchSize },
    csrfPrevention: graphql.csrfPrevention,
    staleRevocations: auth.staleRevocations,
    persistedOperationBytes: graphql.persistedOperationBytes === 0 ? undefined : graphql.persistedOperationBytes,
    engine: {
      planner: graphql.planner,
      planTimeoutMs: graphql.planTimeoutMs,
      planMemoryBytes: limits.planMemoryBytes === 0 ? undefined : limits.planMemoryBytes,
      cacheBytes: graphql.cacheBytes,
      introspection: graphql.introspection ?? (knowsIssuer(auth) ? 'authenticated' : 'public'),
      unauthorized: auth.unauthorized,
      coalescing: graphql.coalescing,
      fetchSharing: graphql.fetchSharing,
      maskErrors: graphql.maskErrors,
      explain: graphql.explain,
      limits: toDocumentLimits(limits),
      cost: toCostSettings(cost),
      live: toLiveSettings(subscriptions),
    },
  };
}

/** Whether access tokens come from anywhere but this machine's own development secret. */
function knowsIssuer({ jwtSecret, jwksUrl, oidcIssuers }: GatewayConfig['auth']): boolean {
  return jwtSecret !== undefined || jwksUrl !== undefined || oidcIssuers.length > 0;
}
