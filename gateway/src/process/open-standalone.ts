import { LoomError } from '@loomgraph/core';
import type { Logger, Metrics, Spans } from '@loomgraph/telemetry';
import type { GatewayConfig } from '../config.js';
import { createPolicyDecider } from '../authorization/create-policy-decider.js';
import { createGateway, type Gateway } from '../server.js';
import type { SupergraphLocation } from '../supergraph/open-supergraph.js';
import { configuredVerifier } from './access-tokens.js';
import { isUrl } from './arguments.js';
import { openBudgets } from './open-budgets.js';
import { openTrust } from './open-trust.js';
import { openRevocations, revocationsHealth } from './open-revocations.js';
import { openRecorder } from './open-recorder.js';
import { gatewaySettings } from './gateway-settings.js';

export interface Standalone extends AsyncDisposable {
  readonly gateway: Gateway;
  close(): Promise<void>;
}

/**
 * A gateway for a supergraph that was composed elsewhere: no store, no subgraph of its own. Knows nothing of who asks unless it is told how to
 * verify tokens, and tells subgraphs nothing unless it has the secret to sign with.
 * @throws LoomError (CONFIG_INVALID) with one line when there is no supergraph, or one that cannot be served
 */
export async function openStandalone(options: {
  config: GatewayConfig;
  logger: Logger;
  metrics: Metrics;
  spans?: Spans | undefined;
}): Promise<Standalone> {
  const { config, logger, metrics, spans } = options;
  const { auth, subgraphs } = config;
  await using opened = new AsyncDisposableStack();
  const tokenVerifier = configuredVerifier({ auth, secret: auth.jwtSecret });
  const revocations = await openRevocations({ url: auth.revocationUrl, resources: opened, logger, metrics });
  const recorder = opened.use(await openRecorder(config.graphql.recordOperations, logger));
  const trustedDocuments = await openTrust({ trust: config.trust, pollIntervalMs: subgraphs.pollIntervalMs, logger, metrics });
  if (trustedDocuments !== undefined) opened.use(trustedDocuments);
  const { budgets } = opened.use(await openBudgets({ settings: config.budgets, metrics }));
  const gateway = await createGateway({
    trustedDocuments,
    budgets,
    recordOperation: recorder && ((query, operationName) => recorder.record(query, operationName)),
    location: toLocation(config.supergraph),
    subgraphs: subgraphs.urls.map(({ name, url }) => ({ kind: 'remote' as const, name, url })),
    tokenVerifier,
    revocations,
    policies: createPolicyDecider(),
    identitySecret: auth.identitySecret,
    logger,
    metrics,
    spans,
    health: async () => revocationsHealth(revocations),
    settings: gatewaySettings(config, { title: 'Loomgraph', defaultQuery: '{\n  __typename\n}\n' }),
  });
  opened.use(gateway); // closed first: it records until its last request
  if (!tokenVerifier) logger.info('Access tokens are not verified: none of JWT_SECRET, JWKS_URL and OIDC_ISSUERS is set');
  if (!auth.identitySecret) logger.info('Requests to subgraphs are not signed: GATEWAY_IDENTITY_SECRET is not set');
  const resources = opened.move();
  const close = (): Promise<void> => resources.disposeAsync();
  return { gateway, close, [Symbol.asyncDispose]: close };
}

function toLocation({ location, token }: GatewayConfig['supergraph']): SupergraphLocation {
  if (location === undefined) throw new LoomError('CONFIG_INVALID', 'SUPERGRAPH is not set: name the file or URL of a supergraph.');
  return isUrl(location) ? { kind: 'url', url: location, token } : { kind: 'file', path: location };
}
