import { signDevelopmentToken } from '@loomgraph/auth';
import { duration, loadConfig, type Environment } from '@loomgraph/config';
import { LoomError } from '@loomgraph/core';
import { processConfig } from '@loomgraph/gateway/process';
import type { TokenOptions } from './args.ts';
import { signingSecret } from './signing-secret.ts';

/** @throws LoomError CONFIG_INVALID for a life that is none, or where no secret is known outside the gateway */
export async function issueToken({ user, role, scope, ttl }: TokenOptions, env: Environment): Promise<string> {
  const life = duration({ minMs: 1_000 }).safeParse(ttl);
  if (!life.success) throw new LoomError('CONFIG_INVALID', `--ttl ${ttl}: expected a duration such as 30m, 12h or 7d, of at least 1s.`);
  const secret = await signingSecret(loadConfig(processConfig, env));
  return signDevelopmentToken({ secret, userId: user, roles: role, scopes: scope, ttlSeconds: Math.floor(life.data / 1_000) });
}
