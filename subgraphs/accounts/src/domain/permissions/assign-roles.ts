import type { Clock } from '@loomgraph/core';
import {
  EveryoneHasRole,
  LastHolder,
  MembershipNotFound,
  MoreThanOwn,
  RoleChanged,
  RoleNotFound,
  UsersNotFound,
  WrongRoleScope,
} from './errors.js';
import { ADMIN_ROLE, EVERYONE_ROLE, OWNER_ROLE, type Membership, type Role } from './permissions.js';
import type { MembershipKey, PermissionReader, PermissionUnitOfWork, PolicyActor } from './ports.js';

export interface RoleAssignment {
  /**
   * Gives a user a role, everywhere or for a company; may be repeated.
   * @throws RoleNotFound, WrongRoleScope, EveryoneHasRole, UsersNotFound; MoreThanOwn: nobody gives a role that may more than they may
   */
  assign(key: MembershipKey, actor: PolicyActor): Promise<Membership>;
  /**
   * Takes it away again. Who leaves by themselves needs no permission for it.
   * @throws RoleNotFound, MembershipNotFound, MoreThanOwn; LastHolder for the last administrator and the last owner of a company
   */
  remove(key: MembershipKey, actor: PolicyActor): Promise<void>;
}

export function createRoleAssignment(deps: {
  unitOfWork: PermissionUnitOfWork;
  reader: Pick<PermissionReader, 'rolesByNames'>;
  clock: Clock;
}): RoleAssignment {
  const { unitOfWork, reader, clock } = deps;

  const roleOf = async ({ role: name, companyId }: MembershipKey): Promise<Role> => {
    if (name === EVERYONE_ROLE) throw new EveryoneHasRole(name);
    const [role] = await reader.rolesByNames([name]);
    if (!role) throw new RoleNotFound(name);
    const wanted = companyId === null ? 'global' : 'company';
    if (role.scope !== wanted) throw new WrongRoleScope(name, role.scope);
    return role;
  };
  // The transaction must ask nobody: on an embedded record it has the only connection.
  const assertWithin = async (role: Role, companyId: string | null, actor: PolicyActor): Promise<void> => {
    const lacking = await actor.lacks(role.permissions, companyId);
    if (lacking.length > 0) throw new MoreThanOwn(lacking);
  };

  return {
    async assign(key, actor) {
      const role = await roleOf(key);
      await assertWithin(role, key.companyId, actor);
      return unitOfWork.run(actor.audited, async (writer) => {
        const current = await writer.role(role.name);
        if (current?.revision !== role.revision) throw new RoleChanged(role.name);
        const unknown = await writer.unknownUsers([key.userId]);
        if (unknown.length > 0) throw new UsersNotFound(unknown);
        const held = await writer.membership(key);
        if (held) return held;
        const membership: Membership = { ...key, assignedBy: actor.userId, assignedAt: clock.now() };
        await writer.insertMembership(membership);
        writer.changed({ kind: 'user', id: key.userId });
        writer.audit({ action: 'role.assign', resource: { type: 'User', id: key.userId }, details: detailsOf(key) });
        return membership;
      });
    },

    async remove(key, actor) {
      const role = await roleOf(key);
      if (key.userId !== actor.userId) await assertWithin(role, key.companyId, actor);
      await unitOfWork.run(actor.audited, async (writer) => {
        if (!(await writer.membership(key))) throw new MembershipNotFound(key.userId, key.role);
        if ((key.role === ADMIN_ROLE || key.role === OWNER_ROLE) && (await writer.countHolders(key.role, key.companyId)) < 2)
          throw new LastHolder(key.role, key.companyId);
        await writer.deleteMembership(key);
        writer.changed({ kind: 'user', id: key.userId });
        writer.audit({ action: 'role.remove', resource: { type: 'User', id: key.userId }, details: detailsOf(key) });
      });
    },
  };
}

const detailsOf = ({ role, companyId }: MembershipKey) => ({ role, ...(companyId === null ? {} : { companyId }) });
