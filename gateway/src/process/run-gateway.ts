import { claimDataDir } from '@loomgraph/stores';
import type { Logger, Metrics, Spans } from '@loomgraph/telemetry';
import { createPolicyDecider } from '../authorization/create-policy-decider.js';
import { createGateway, type Gateway } from '../server.js';
import type { ProcessConfig } from './config.js';
import { developmentSecret } from './development-secret.js';
import { DEMO_QUERY } from './demo-query.js';
import { gatewaySettings } from './gateway-settings.js';
import { openApiKeys } from './open-api-keys.js';
import { openBudgets } from './open-budgets.js';
import { openTrust } from './open-trust.js';
import { configuredVerifier } from './access-tokens.js';
import { revocationsHealth } from './open-revocations.js';
import { openRecorder } from './open-recorder.js';
import { ownIssuers } from './own-issuer.js';
import { openLocalSubgraphs, type LocalSubgraphs } from './local-subgraphs.js';

export interface RunningGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly subgraphs: LocalSubgraphs;
  /** What signs development tokens here; undefined where an issuer's keys verify them. */
  readonly tokenSecret: string | undefined;
  close(): Promise<void>;
}

/** The whole product in one process: stores, subgraphs, gateway; not listening yet. */
export async function openGateway(options: {
  config: ProcessConfig;
  logger: Logger;
  metrics: Metrics;
  spans?: Spans | undefined;
}): Promise<RunningGateway> {
  const { config, logger, metrics, spans } = options;
  await using opened = new AsyncDisposableStack();
  const dataDir = await claimDataDir(config.stores.dataDir);
  opened.defer(dataDir.release);
  const secret = await developmentSecret(dataDir.path);
  // An issuer's keys are the only ones that count where they are configured: nobody may sign tokens with a file then.
  const tokenSecret = config.auth.jwtSecret?.reveal() ?? (config.auth.jwksUrl ? undefined : secret);

  const subgraphs = opened.use(
    await openLocalSubgraphs({
      config,
      dataDir: dataDir.path,
      localSecret: secret,
      jwtSecret: tokenSecret,
      logger,
      metrics,
    }),
  );
  await subgraphs.start();
  const serveObjects = await subgraphs.stores.objectsHandler();
  const recorder = opened.use(await openRecorder(config.graphql.recordOperations, logger));
  const { pollIntervalMs } = config.subgraphs;
  const trustedDocuments = await openTrust({ trust: config.trust, pollIntervalMs, logger, metrics });
  if (trustedDocuments !== undefined) opened.use(trustedDocuments);
  const { urls, namespace } = config.stores;
  const { budgets } = opened.use(await openBudgets({ settings: config.budgets, redisUrl: urls.redis, namespace, metrics }));
  const identitySecret = config.auth.identitySecret ?? secret;
  const apiKeys = openApiKeys(subgraphs, {
    identitySecret,
    timeoutMs: config.subgraphs.timeoutMs,
    resources: opened,
    logger,
  });
  const gateway = opened.use(
    await createGateway({
      trustedDocuments,
      budgets,
      bus: await subgraphs.stores.bus(),
      recordOperation: recorder && ((query, operationName) => recorder.record(query, operationName)),
      subgraphs: subgraphs.sources,
      tokenVerifier: configuredVerifier({ auth: config.auth, secret: tokenSecret, local: ownIssuers(subgraphs, config) }),
      apiKeys,
      auditSink: subgraphs.auditSink,
      revocations: subgraphs.revocations,
      policies: createPolicyDecider({ authorizer: subgraphs.authorizer }),
      identitySecret,
      logger,
      metrics,
      spans,
      health: async () => [...(await subgraphs.health()), ...revocationsHealth(subgraphs.revocations)],
      settings: gatewaySettings(config, { title: 'Loomgraph', defaultQuery: DEMO_QUERY }),
      rest: subgraphs.rest,
      extraRoutes(app) {
        for (const [path, read] of Object.entries(subgraphs.accounts?.documents ?? {})) {
          app.get(path, async (_request, reply) => reply.header('cache-control', 'public, max-age=60').send(await read()));
        }
        if (!serveObjects) return;
        // The handler streams the body itself.
        app.removeAllContentTypeParsers();
        app.addContentTypeParser('*', (_request, _payload, done) => done(null));
        app.all('/objects/*', async (request, reply) => {
          reply.hijack();
          await serveObjects(request.raw, reply.raw);
        });
      },
    }),
  );

  const resources = opened.move();
  const close = (): Promise<void> => resources.disposeAsync();
  return { gateway, subgraphs, tokenSecret, close, [Symbol.asyncDispose]: close };
}
