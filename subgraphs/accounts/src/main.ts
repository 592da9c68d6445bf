import { createIdentityVerifier, createSharedNonces, openSharedRevocationList } from '@loomgraph/auth';
import { loadConfig } from '@loomgraph/config';
import { claimDataDir, createStoreSet } from '@loomgraph/stores';
import { createHttpHost, runUntilSignal } from '@loomgraph/subgraph-kit';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { ACCOUNTS, createAccountsSubgraph } from './app.js';
import { accountsConfig } from './config.js';
import { ensureAdministrator } from './ensure-administrator.js';
import { accountsOptions } from './options.js';

await runUntilSignal(ACCOUNTS, async (resources) => {
  const config = loadConfig(accountsConfig, process.env);
  const logger = createLogger({ level: config.logLevel, name: ACCOUNTS });
  const metrics = createMetrics({ defaultMetrics: true });
  const { urls, namespace, pools } = config.stores;
  const { path: dataDir, release } = await claimDataDir(config.stores.dataDir);
  resources.defer(release);
  const stores = resources.use(createStoreSet({ urls, dataDir, pools, ...(namespace === undefined ? {} : { namespace }) }));
  const options = accountsOptions(config.accounts, {
    fallbackSecret: undefined,
    jwtSecret: config.jwtSecret?.reveal(),
    publicUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
    dataDir,
    isEmbedded: urls.relational === undefined,
  });
  // Gateways read it from the same cache.
  const revocations = resources.use(
    await openSharedRevocationList({
      store: await stores.cache(),
      onReading: ({ error }) => void (error !== undefined && logger.error('Revocations cannot be read', { error })),
    }),
  );
  const subgraph = resources.use(await createAccountsSubgraph({ stores, options, revocations, logger, metrics }));
  await ensureAdministrator(subgraph, { ...config.accounts.administrator, dataDir, logger });
  await subgraph.start();
  const identityVerifier = createIdentityVerifier({
    secret: config.identitySecret,
    audience: ACCOUNTS,
    ...(config.replayMemory === 'shared' ? { nonces: createSharedNonces({ store: await stores.cache() }) } : {}),
  });
  const { host, port } = config;
  resources.use(await createHttpHost(subgraph, { identityVerifier, logger, metrics, host, port, documents: subgraph.documents }));
});
