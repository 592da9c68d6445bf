import { requireIdentity, type Authorizer, type Identity } from '@loomgraph/auth';
import type { Permission } from '../../domain/permissions/permissions.js';
import type { PolicyActor } from '../../domain/permissions/ports.js';
import { actorOf, type AccountsContext } from '../context.js';

/** The caller as someone who changes the policy. @throws LoomError UNAUTHENTICATED */
export function policyActor(authorizer: Authorizer, context: AccountsContext): PolicyActor {
  const identity = requireIdentity(context.identity);
  return {
    userId: identity.userId,
    lacks: (permissions, companyId) => lacksOf(authorizer, identity, { permissions, companyId }),
    audited: actorOf(identity, context),
  };
}

/** A permission of reach `own` may be handed out by whoever has it, too; every other one must reach any resource. */
async function lacksOf(
  authorizer: Authorizer,
  identity: Identity,
  { permissions, companyId }: { permissions: readonly Permission[]; companyId: string | null },
): Promise<readonly Permission[]> {
  const decisions = await authorizer.checkMany(
    identity,
    permissions.map(({ type, action, reach }) => ({
      action,
      resource: { type, ...(companyId === null ? {} : { companyId }), ...(reach === 'own' ? { ownerId: identity.userId } : {}) },
    })),
  );
  return permissions.filter((_permission, index) => decisions[index]?.allowed !== true);
}
