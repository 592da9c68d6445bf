import type { LazyPage, PageRequest } from '@loomgraph/core';
import { listRows as listEntities, resourceCondition, type OrderKey, type RelationalStore } from '@loomgraph/stores/relational';
import { raw } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { permissionCursors } from '../../domain/permissions/cursors.js';
import type { Grant, Group, GroupMember, Membership, Permission, Role } from '../../domain/permissions/permissions.js';
import type { PermissionReader } from '../../domain/permissions/ports.js';
import { UserRoleEntity } from '../entities.js';
import { GroupMemberEntity, ResourceGrantEntity, RoleEntity, RolePermissionEntity, UserGroupEntity } from './entities.js';

const asc = (property: string): OrderKey => ({ property, direction: 'asc' });
const desc = (property: string): OrderKey => ({ property, direction: 'desc' });
const latest = (property: string): OrderKey => ({ property, direction: 'desc', date: true });

export function createPermissionReader(store: RelationalStore): PermissionReader {
  const listRows = <Row extends object>(
    entity: unknown,
    options: { conditions: readonly (object | undefined)[]; keys: readonly OrderKey[]; tag: string; page: PageRequest },
  ): Promise<LazyPage<Row>> => listEntities<Row>(store, entity, { ...options, where: all(options.conditions) });

  return {
    async listRoles({ scope, isBuiltIn, contains }, page) {
      const found = await listRows<RoleRow>(RoleEntity, {
        conditions: [equal('scope', scope), equal('isBuiltIn', isBuiltIn), containing(['name', 'title'], contains)],
        keys: [asc('name')],
        tag: permissionCursors.roles,
        page,
      });
      return { ...found, items: await withPermissions(store.read(), found.items) };
    },
    async rolesByNames(names) {
      const em = store.read();
      return withPermissions(em, (await em.find(RoleEntity, { name: { $in: [...names] } })) as unknown as RoleRow[]);
    },

    async listMemberships({ userId, role, companyId, scope }, visible, page) {
      const found = await listRows<UserRoleRow>(UserRoleEntity, {
        conditions: [
          equal('userId', userId),
          equal('role', role),
          equal('companyId', companyId),
          scope === undefined ? undefined : { companyId: scope === 'global' ? '' : { $ne: '' } },
          resourceCondition(visible, { ownerId: 'userId', companyId: 'companyId' }, store.dialect),
        ],
        keys: [latest('assignedAt'), desc('userId'), desc('role'), desc('companyId')],
        tag: permissionCursors.memberships,
        page,
      });
      return { ...found, items: found.items.map(toMembership) };
    },
    membershipsOf: async (userIds) =>
      (
        (await store
          .read()
          .find(
            UserRoleEntity,
            { userId: { $in: [...userIds] } },
            { orderBy: { role: 'asc', companyId: 'asc' } },
          )) as unknown as UserRoleRow[]
      ).map(toMembership),

    async listGroups({ companyId, memberId, contains }, visible, page) {
      const found = await listRows<GroupRow>(UserGroupEntity, {
        conditions: [
          equal('companyId', companyId),
          containing(['name'], contains),
          memberId === undefined
            ? undefined
            : {
                [raw((alias) => `${alias}.id in (select group_id from ${store.table('group_member')} where user_id = ?)`, [memberId])]: [],
              },
          resourceCondition(visible, { id: 'id', companyId: 'companyId', groupId: 'id' }, store.dialect),
        ],
        keys: [asc('name'), asc('id')],
        tag: permissionCursors.groups,
        page,
      });
      return { ...found, items: found.items.map(toGroup) };
    },
    groupsByIds: async (ids) =>
      ((await store.read().find(UserGroupEntity, { id: { $in: [...ids] } })) as unknown as GroupRow[]).map(toGroup),
    listMembers: (groupId, page) =>
      listRows<GroupMember>(GroupMemberEntity, { conditions: [{ groupId }], keys: [asc('userId')], tag: permissionCursors.members, page }),

    listGrants: ({ granteeKind, granteeId, resourceType, resourceId, action }, page) =>
      listRows<Grant>(ResourceGrantEntity, {
        conditions: [
          equal('granteeKind', granteeKind),
          equal('granteeId', granteeId),
          equal('resourceType', resourceType),
          equal('resourceId', resourceId),
          equal('action', action),
        ],
        keys: [latest('grantedAt'), desc('id')],
        tag: permissionCursors.grants,
        page,
      }),
    grantsByIds: async (ids) => (await store.read().find(ResourceGrantEntity, { id: { $in: [...ids] } })) as unknown as Grant[],
  };
}

export type RoleRow = Omit<Role, 'permissions'>;
export interface UserRoleRow extends Omit<Membership, 'companyId'> {
  readonly companyId: string;
}
export interface GroupRow extends Omit<Group, 'companyId'> {
  readonly companyId: string;
}

export const toMembership = ({ userId, role, companyId, assignedBy, assignedAt }: UserRoleRow): Membership => ({
  userId,
  role,
  companyId: companyId === '' ? null : companyId,
  assignedBy,
  assignedAt,
});

export const toGroup = ({ id, name, description, companyId, createdAt, revision }: GroupRow): Group => ({
  id,
  name,
  description,
  companyId: companyId === '' ? null : companyId,
  createdAt,
  revision,
});

/** Roles with their permissions, in their order; one statement more. */
export async function withPermissions(em: EntityManager, rows: readonly RoleRow[]): Promise<readonly Role[]> {
  if (rows.length === 0) return [];
  const found = await em.find(RolePermissionEntity, { roleName: { $in: rows.map(({ name }) => name) } });
  const byRole = Map.groupBy(found, ({ roleName }) => roleName);
  return rows.map(({ name, scope, title, description, isBuiltIn, revision }) => ({
    name,
    scope,
    title,
    description,
    isBuiltIn,
    revision,
    permissions: (byRole.get(name) ?? [])
      .map(({ resourceType, action, reach }) => ({ type: resourceType, action, reach }) as Permission) // the column holds nothing else
      .toSorted((a, b) => (`${a.type}:${a.action}:${a.reach}` < `${b.type}:${b.action}:${b.reach}` ? -1 : 1)),
  }));
}

function all(conditions: readonly (object | undefined)[]): object {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? {} : { $and: given };
}
const equal = (property: string, value: unknown): object | undefined => (value === undefined ? undefined : { [property]: value });

function containing(columns: readonly string[], text: string | undefined): object | undefined {
  if (text === undefined || text === '') return undefined;
  // `%`, `_` and the escape character itself mean themselves; backslash is the escape in PostgreSQL and MySQL alike.
  const like = `%${text.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
  return { $or: columns.map((column) => ({ [raw((alias) => `lower(${alias}.${column})`)]: { $like: like } })) };
}
