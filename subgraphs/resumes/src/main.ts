import { createConfiguredEmbedder, createEmbedderFor } from '@loomgraph/ai';
import { createBusAuditSink, createIdentityVerifier, createSharedNonces, openAuthorizer } from '@loomgraph/auth';
import { loadConfig } from '@loomgraph/config';
import { claimDataDir, createStoreSet } from '@loomgraph/stores';
import { createHttpHost, runUntilSignal } from '@loomgraph/subgraph-kit';
import { openEngines } from '@loomgraph/sync';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { createConfiguredAnalyser } from './adapters/configured-analyser.js';
import { createResumesSubgraph, RESUMES } from './app.js';
import { resumesConfig } from './config.js';

await runUntilSignal(RESUMES, async (resources) => {
  const config = loadConfig(resumesConfig, process.env);
  const logger = createLogger({ level: config.logLevel, name: RESUMES });
  const metrics = createMetrics({ defaultMetrics: true });
  const { urls, namespace, pools } = config.stores;
  const { path: dataDir, release } = await claimDataDir(config.stores.dataDir);
  resources.defer(release);
  const stores = resources.use(createStoreSet({ urls, dataDir, pools, ...(namespace === undefined ? {} : { namespace }) }));
  const auditSink = resources.use(createBusAuditSink({ bus: await stores.bus(), source: RESUMES, logger, metrics }));
  const authorizer = resources.use(
    openAuthorizer({
      database: urls.relational === undefined ? undefined : await openEngines(stores, ['accounts'])('accounts'),
      bus: await stores.bus(),
      logger,
      metrics,
    }),
  );
  const subgraph = resources.use(
    await createResumesSubgraph({
      stores,
      options: config.resumes,
      embedder: createConfiguredEmbedder(config.ai, { metrics, logger }),
      embedderFor: createEmbedderFor(config.ai, { metrics, logger }),
      analyser: createConfiguredAnalyser({ provider: config.ai, analyser: config.resumes.analyser }, { metrics }),
      logger,
      metrics,
      auditSink,
      authorizer,
    }),
  );
  await subgraph.start();
  const identityVerifier = createIdentityVerifier({
    secret: config.identitySecret,
    audience: RESUMES,
    ...(config.replayMemory === 'shared' ? { nonces: createSharedNonces({ store: await stores.cache() }) } : {}),
  });
  resources.use(await createHttpHost(subgraph, { identityVerifier, logger, metrics, host: config.host, port: config.port }));
});
