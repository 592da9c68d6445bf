import type * as domain from '../../domain/permissions/permissions.js';
import { GranteeKind, type ResourceGrant } from './grant.type.js';
import type { UserGroup, UserGroupMember } from './group.type.js';
import type { RoleMembership } from './membership.type.js';
import { PermissionReach } from './permission.type.js';
import { RoleScope, type Role } from './role.type.js';

export const toReach = { any: PermissionReach.ANY, own: PermissionReach.OWN, group: PermissionReach.GROUP } as const;
export const fromReach = { [PermissionReach.ANY]: 'any', [PermissionReach.OWN]: 'own', [PermissionReach.GROUP]: 'group' } as const;
export const fromScope = { [RoleScope.GLOBAL]: 'global', [RoleScope.COMPANY]: 'company' } as const;
export const fromGranteeKind = { [GranteeKind.USER]: 'user', [GranteeKind.GROUP]: 'group' } as const;

export function toRole({ name, scope, title, description, isBuiltIn, permissions, revision }: domain.Role): Role {
  return {
    name,
    scope: scope === 'global' ? RoleScope.GLOBAL : RoleScope.COMPANY,
    title,
    description,
    isBuiltIn,
    permissions: permissions.map(({ type, action, reach }) => ({ type, action, reach: toReach[reach] })),
    revision,
  };
}

export function toRoleMembership({ userId, role, companyId, assignedBy, assignedAt }: domain.Membership): RoleMembership {
  return { userId, roleName: role, companyId, assignedBy, assignedAt };
}

export function toUserGroup({ id, name, description, companyId, createdAt, revision }: domain.Group): UserGroup {
  return { id, name, description, companyId, createdAt, revision };
}

export function toUserGroupMember({ userId, addedBy, addedAt }: domain.GroupMember): UserGroupMember {
  return { userId, addedBy, addedAt };
}

export function toResourceGrant(grant: domain.Grant): ResourceGrant {
  const { id, granteeId, resourceType, resourceId, action, grantedBy, grantedAt } = grant;
  const granteeKind = grant.granteeKind === 'user' ? GranteeKind.USER : GranteeKind.GROUP;
  return { id, granteeKind, granteeId, resourceType, resourceId, action, grantedBy, grantedAt };
}
