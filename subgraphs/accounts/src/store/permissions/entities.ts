import { defineEntity, p } from '@mikro-orm/core';

export const RoleEntity = defineEntity({
  name: 'RoleEntity',
  tableName: 'role',
  properties: {
    name: p.string().length(64).primary(),
    scope: p.string().length(8),
    title: p.string().length(200),
    description: p.text(),
    isBuiltIn: p.boolean(),
    revision: p.integer().version(),
  },
});

export const RolePermissionEntity = defineEntity({
  name: 'RolePermissionEntity',
  tableName: 'role_permission',
  properties: {
    roleName: p.string().length(64).primary(),
    resourceType: p.string().length(64).primary(),
    action: p.string().length(64).primary(),
    reach: p.string().length(8).primary(),
  },
});

export const UserGroupEntity = defineEntity({
  name: 'UserGroupEntity',
  tableName: 'user_group',
  properties: {
    id: p.string().length(36).primary(),
    name: p.string().length(200),
    description: p.text(),
    /** Empty for a group of the installation. */
    companyId: p.string().length(64),
    createdAt: p.datetime(3),
    revision: p.integer().version(),
  },
});

export const GroupMemberEntity = defineEntity({
  name: 'GroupMemberEntity',
  tableName: 'group_member',
  properties: {
    groupId: p.string().length(36).primary(),
    userId: p.string().length(64).primary(),
    addedBy: p.string().length(64),
    addedAt: p.datetime(3),
  },
});

export const ResourceGrantEntity = defineEntity({
  name: 'ResourceGrantEntity',
  tableName: 'resource_grant',
  properties: {
    id: p.string().length(36).primary(),
    granteeKind: p.string().length(5),
    granteeId: p.string().length(64),
    resourceType: p.string().length(64),
    resourceId: p.string().length(191),
    action: p.string().length(64),
    grantedBy: p.string().length(64),
    grantedAt: p.datetime(3),
  },
});

export const permissionEntities = [RoleEntity, RolePermissionEntity, UserGroupEntity, GroupMemberEntity, ResourceGrantEntity];
