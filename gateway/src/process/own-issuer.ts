import { localKeys, publishedKeys, type TrustedIssuer } from '@loomgraph/auth';
import { replicaUrlsOf } from '../subgraphs/traffic/addresses.js';
import type { ProcessConfig } from './config.js';
import type { LocalSubgraphs } from './local-subgraphs.js';
import { publicUrlOf } from './public-url.js';

/**
 * The issuer of our own access tokens: the accounts subgraph in this process, whose keys nobody need fetch, or the one that runs elsewhere and
 * publishes them, at the first of its replicas. None where JWT_SECRET signs: who holds it is verified as before.
 */
export function ownIssuers(
  { accounts, accountsUrl }: Pick<LocalSubgraphs, 'accounts' | 'accountsUrl'>,
  config: ProcessConfig,
): TrustedIssuer[] {
  const { algorithm, audience, issuer = publicUrlOf(config) } = config.accounts.tokens;
  if (algorithm === 'HS256') return [];
  if (accounts !== undefined) return [{ issuer, audience, keys: localKeys(accounts.keys) }];
  if (accountsUrl === undefined) return [];
  const keysUrl = new URL('/.well-known/jwks.json', replicaUrlsOf(accountsUrl)[0]).href;
  return [{ issuer, audience, keys: publishedKeys(keysUrl, { algorithms: [algorithm] }) }];
}
