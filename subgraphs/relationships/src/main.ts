import { createIdentityVerifier } from '@loomgraph/auth';
import { loadConfig } from '@loomgraph/config';
import { createHttpHost, runUntilSignal } from '@loomgraph/subgraph-kit';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { createRelationshipsSubgraph, RELATIONSHIPS } from './app.js';
import { relationshipsConfig } from './config.js';

await runUntilSignal(RELATIONSHIPS, async (resources) => {
  const { neo4jUrl, namespace, identitySecret, logLevel, host, port } = loadConfig(relationshipsConfig, process.env);
  const logger = createLogger({ level: logLevel, name: RELATIONSHIPS });
  const metrics = createMetrics({ defaultMetrics: true });
  const labelPrefix = namespace === undefined ? {} : { labelPrefix: `${namespace}_` };
  const subgraph = resources.use(await createRelationshipsSubgraph({ neo4jUrl, logger, metrics, ...labelPrefix }));
  const identityVerifier = createIdentityVerifier({ secret: identitySecret, audience: RELATIONSHIPS });
  resources.use(await createHttpHost(subgraph, { identityVerifier, logger, metrics, host, port }));
});
