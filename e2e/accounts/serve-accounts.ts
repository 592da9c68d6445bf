import { createIdentityVerifier, openSharedRevocationList } from '@loomgraph/auth';
import { loadConfig } from '@loomgraph/config';
import { processConfig } from '@loomgraph/gateway/process';
import { createStoreSet } from '@loomgraph/stores';
import { accountsOptions, createAccountsSubgraph, type AccountsSubgraph } from '@loomgraph/subgraph-accounts';
import { createHttpHost } from '@loomgraph/subgraph-kit';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { CHEAP_HASHES, SECRET } from '../support/deploy.js';

const ISSUER = 'https://accounts.test';

/** The accounts subgraph as a server of its own, and the settings of a gateway that uses it. */
export async function serveAccounts(
  resources: AsyncDisposableStack,
  storeEnv: Readonly<Record<string, string>>,
): Promise<{ readonly accounts: AccountsSubgraph; readonly env: Record<string, string> }> {
  const env = { ...CHEAP_HASHES, ...storeEnv, LOOM_DATA_DIR: 'memory://', TOKEN_ISSUER: ISSUER };
  const config = loadConfig(processConfig, env);
  const { urls, pools, dataDir, namespace } = config.stores;
  const stores = resources.use(createStoreSet({ urls, pools, dataDir, ...(namespace === undefined ? {} : { namespace }) }));
  const metrics = createMetrics();
  const accounts = resources.use(
    await createAccountsSubgraph({
      stores,
      options: accountsOptions(config.accounts, {
        fallbackSecret: SECRET,
        jwtSecret: SECRET,
        publicUrl: ISSUER,
        dataDir,
        isEmbedded: false,
      }),
      revocations: resources.use(await openSharedRevocationList({ store: await stores.cache() })),
      logger: silentLogger,
      metrics,
    }),
  );
  await accounts.start();
  const identityVerifier = createIdentityVerifier({ secret: SECRET, audience: accounts.name });
  const { documents } = accounts;
  const host = resources.use(await createHttpHost(accounts, { identityVerifier, logger: silentLogger, metrics, port: 0, documents }));
  return { accounts, env: { SUBGRAPH_ACCOUNTS_URL: host.url, TOKEN_ISSUER: ISSUER } };
}
