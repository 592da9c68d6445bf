import { LoomError } from '@loomgraph/core';
import type { Identity } from './identity.js';

/**
 * The caller, who must be known.
 * @throws LoomError UNAUTHENTICATED
 */
export function requireIdentity(identity: Identity | null | undefined): Identity {
  if (identity) return identity;
  throw new LoomError('UNAUTHENTICATED', 'This needs an access token: send `Authorization: Bearer <token>`.', {
    details: { reason: 'missing' },
  });
}

/**
 * The caller, who must have the role.
 * @throws LoomError UNAUTHENTICATED, FORBIDDEN
 */
export function requireRole(identity: Identity | null | undefined, role: string): Identity {
  const known = requireIdentity(identity);
  if (known.roles.includes(role)) return known;
  throw new LoomError('FORBIDDEN', `This needs the role "${role}".`, { details: { role } });
}

/**
 * The caller, whose token must carry the scope.
 * @throws LoomError UNAUTHENTICATED, FORBIDDEN
 */
export function requireScope(identity: Identity | null | undefined, scope: string): Identity {
  const known = requireIdentity(identity);
  if (known.scopes.includes(scope)) return known;
  throw new LoomError('FORBIDDEN', `This needs the scope "${scope}".`, { details: { scope } });
}
