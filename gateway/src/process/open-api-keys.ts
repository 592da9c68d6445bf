import { cacheApiKeys, createIdentitySigner, type ApiKeyResolver, type SecretLike } from '@loomgraph/auth';
import type { Logger } from '@loomgraph/telemetry';
import { createSubgraphHttp } from '../subgraphs/http-call.js';
import { createRemoteApiKeys } from '../subgraphs/remote-api-keys.js';
import type { LocalSubgraphs } from './local-subgraphs.js';

/** API keys are known by the accounts subgraph, in this process or wherever it runs; undefined where there is none. */
export function openApiKeys(
  { accounts, accountsUrl }: Pick<LocalSubgraphs, 'accounts' | 'accountsUrl'>,
  options: {
    readonly identitySecret: SecretLike;
    readonly timeoutMs: number;
    readonly resources: AsyncDisposableStack;
    readonly logger: Logger;
  },
): ApiKeyResolver | undefined {
  if (accounts !== undefined) return accounts.apiKeyResolver && cacheApiKeys(accounts.apiKeyResolver);
  if (accountsUrl === undefined) return undefined;
  const { identitySecret, timeoutMs, resources, logger } = options;
  // Connections of its own: who asks is found out also while fetches take all the others.
  const http = resources.use(createSubgraphHttp({ signer: createIdentitySigner({ secret: identitySecret }), timeoutMs }));
  return cacheApiKeys(createRemoteApiKeys({ http, url: accountsUrl, logger }));
}
