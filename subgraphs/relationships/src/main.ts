import { createIdentityVerifier } from '@loomgraph/auth';
import { loadConfig } from '@loomgraph/config';
import { createStoreSet } from '@loomgraph/stores';
import { createHttpHost, runUntilSignal } from '@loomgraph/subgraph-kit';
import { openEngines, SyncTokens } from '@loomgraph/sync';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { createRelationshipsSubgraph, RELATIONSHIPS } from './app.js';
import { relationshipsConfig } from './config.js';

/** Looking for what a sync token waits for takes a short statement now and then. */
const ENGINE_POOL = { maxConnections: 4, idleConnections: 0 };

await runUntilSignal(RELATIONSHIPS, async (resources) => {
  const { neo4jUrl, relationalUrl, namespace, identitySecret, logLevel, host, port } = loadConfig(relationshipsConfig, process.env);
  const logger = createLogger({ level: logLevel, name: RELATIONSHIPS });
  const metrics = createMetrics({ defaultMetrics: true });
  const labelPrefix = namespace === undefined ? {} : { labelPrefix: `${namespace}_` };
  const stores =
    relationalUrl === undefined
      ? undefined
      : resources.use(
          createStoreSet({
            urls: { relational: relationalUrl },
            dataDir: 'memory://',
            pools: { relational: ENGINE_POOL },
            ...(namespace === undefined ? {} : { namespace }),
          }),
        );
  const syncTokens = stores && new SyncTokens({ open: openEngines(stores, ['templates']) });
  const subgraph = resources.use(await createRelationshipsSubgraph({ neo4jUrl, syncTokens, logger, metrics, ...labelPrefix }));
  const identityVerifier = createIdentityVerifier({ secret: identitySecret, audience: RELATIONSHIPS });
  resources.use(await createHttpHost(subgraph, { identityVerifier, logger, metrics, host, port }));
});
