import { LoomError } from '@loomgraph/core';
import type { Identity } from '../identity.js';
import { requireIdentity } from '../require.js';
import type { AccessRequest, Authorizer, ResourceRef } from './authorizer.js';

/**
 * The caller, who must be allowed the action.
 * @throws LoomError UNAUTHENTICATED, FORBIDDEN; StoreError when the policy cannot be read
 */
export async function requirePermission(
  authorizer: Authorizer,
  identity: Identity | null | undefined,
  { action, resource }: AccessRequest,
): Promise<Identity> {
  const known = requireIdentity(identity);
  if ((await authorizer.check(known, action, resource)).allowed) return known;
  throw forbidden(action, resource);
}

/** The refusal of an action; says what to ask for and nothing about the resource. */
export function forbidden(action: string, { type, id, companyId }: ResourceRef): LoomError {
  const permission = `${type}:${action}`;
  const where = companyId === undefined ? '' : ` in company ${companyId}`;
  return new LoomError('FORBIDDEN', `This needs the permission "${permission}"${where}: ask an administrator for a role that has it.`, {
    details: { permission, ...(id === undefined ? {} : { id }), ...(companyId === undefined ? {} : { companyId }) },
  });
}
