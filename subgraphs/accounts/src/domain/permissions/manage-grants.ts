import type { Clock, IdSource } from '@loomgraph/core';
import { GrantNotFound, GroupNotFound, MoreThanOwn, UnknownPermission, UsersNotFound } from './errors.js';
import type { KnownPermissions } from './manage-roles.js';
import type { Grant } from './permissions.js';
import type { PermissionUnitOfWork, PolicyActor } from './ports.js';

export type NewGrant = Pick<Grant, 'granteeKind' | 'granteeId' | 'resourceType' | 'resourceId' | 'action'>;

export interface GrantManagement {
  /**
   * Allows an action on one resource; may be repeated. Whether there is such a resource is its subgraph's to know, and not asked.
   * @throws UnknownPermission, UsersNotFound, GroupNotFound; MoreThanOwn where the actor may not do it everywhere
   */
  grant(fields: NewGrant, actor: PolicyActor): Promise<Grant>;
  /** @throws GrantNotFound */
  revoke(id: string, actor: PolicyActor): Promise<void>;
}

export function createGrantManagement(deps: {
  unitOfWork: PermissionUnitOfWork;
  known: KnownPermissions;
  clock: Clock;
  ids: IdSource;
}): GrantManagement {
  const { unitOfWork, known, clock, ids } = deps;
  return {
    async grant(fields, actor) {
      const permission = { type: fields.resourceType, action: fields.action, reach: 'any' } as const;
      if (permission.type === '*' || !known.has(permission.type, permission.action)) throw new UnknownPermission(permission);
      const lacking = await actor.lacks([permission], null);
      if (lacking.length > 0) throw new MoreThanOwn(lacking);
      return unitOfWork.run(actor.audited, async (writer) => {
        if (fields.granteeKind === 'user') {
          const unknown = await writer.unknownUsers([fields.granteeId]);
          if (unknown.length > 0) throw new UsersNotFound(unknown);
        } else if (!(await writer.group(fields.granteeId))) throw new GroupNotFound(fields.granteeId);
        const held = await writer.grantLike(fields);
        if (held) return held;
        const grant: Grant = { ...fields, id: ids.next(), grantedBy: actor.userId, grantedAt: clock.now() };
        await writer.insertGrant(grant);
        writer.changed({ kind: fields.granteeKind, id: fields.granteeId });
        writer.audit({ action: 'grant.create', resource: { type: 'Grant', id: grant.id }, details: { ...fields } });
        return grant;
      });
    },

    async revoke(id, actor) {
      await unitOfWork.run(actor.audited, async (writer) => {
        const grant = await writer.grant(id);
        if (!grant) throw new GrantNotFound(id);
        await writer.deleteGrant(id);
        writer.changed({ kind: grant.granteeKind, id: grant.granteeId });
        writer.audit({ action: 'grant.delete', resource: { type: 'Grant', id }, details: { granteeId: grant.granteeId } });
      });
    },
  };
}
