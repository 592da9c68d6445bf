import { createBusAuditSink, createIdentityVerifier, openAuthorizer } from '@loomgraph/auth';
import { loadConfig } from '@loomgraph/config';
import { LoomError } from '@loomgraph/core';
import { createStoreSet } from '@loomgraph/stores';
import { createHttpHost, runUntilSignal } from '@loomgraph/subgraph-kit';
import { openEngines } from '@loomgraph/sync';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { createOperationsSubgraph, OPERATIONS } from './app.js';
import { operationsConfig } from './config.js';

await runUntilSignal(OPERATIONS, async (resources) => {
  const config = loadConfig(operationsConfig, process.env);
  const logger = createLogger({ level: config.logLevel, name: OPERATIONS });
  const metrics = createMetrics({ defaultMetrics: true });
  const { urls, namespace, pools, dataDir } = config.stores;
  // The embedded record is one process's alone: there is nothing that a second one could look at.
  if (!urls.relational) throw new LoomError('CONFIG_INVALID', 'As a server of its own it needs MYSQL_URL: the record it looks into.');
  const stores = resources.use(createStoreSet({ urls, dataDir, pools, ...(namespace === undefined ? {} : { namespace }) }));
  const auditSink = resources.use(createBusAuditSink({ bus: await stores.bus(), source: OPERATIONS, logger, metrics }));
  const database = await openEngines(stores, ['accounts'])('accounts');
  const authorizer = resources.use(openAuthorizer({ database, bus: await stores.bus(), logger, metrics }));
  const subgraph = resources.use(await createOperationsSubgraph({ stores, subgraphs: config.subgraphs, auditSink, authorizer }));
  const identityVerifier = createIdentityVerifier({ secret: config.identitySecret, audience: OPERATIONS });
  resources.use(await createHttpHost(subgraph, { identityVerifier, logger, metrics, host: config.host, port: config.port }));
});
