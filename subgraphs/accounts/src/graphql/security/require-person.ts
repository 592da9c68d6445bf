import { requireIdentity, type Identity } from '@loomgraph/auth';
import { NotWithApiKey } from '../../domain/security/errors.js';
import type { AccountsContext } from '../context.js';

/**
 * The caller, who must have signed in: what an API key does must not reach further than the key.
 * @throws LoomError UNAUTHENTICATED, FORBIDDEN
 */
export function requirePerson({ identity }: Pick<AccountsContext, 'identity'>): Identity {
  const known = requireIdentity(identity);
  if (known.apiKeyId !== undefined) throw new NotWithApiKey();
  return known;
}
