import type { SecretLike } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { developmentSecret, type ProcessConfig } from '@loomgraph/gateway/process';

const IN_MEMORY = 'memory://';

/** What a gateway with this configuration verifies HS256 tokens with. @throws LoomError CONFIG_INVALID where nobody outside it can know */
export async function signingSecret({ auth, stores }: Pick<ProcessConfig, 'auth' | 'stores'>): Promise<SecretLike> {
  if (auth.jwtSecret) return auth.jwtSecret;
  if (auth.jwksUrl !== undefined)
    throw new LoomError('CONFIG_INVALID', 'JWKS_URL is set and JWT_SECRET is not: only its issuer signs access tokens.');
  if (stores.dataDir === IN_MEMORY)
    throw new LoomError(
      'CONFIG_INVALID',
      'A gateway that keeps nothing (LOOM_DATA_DIR=memory://) has a secret of its own: set JWT_SECRET for both.',
    );
  return developmentSecret(stores.dataDir);
}
