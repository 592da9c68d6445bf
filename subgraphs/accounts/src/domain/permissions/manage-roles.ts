import {
  BuiltInRoleFixed,
  MoreThanOwn,
  PermissionOutOfScope,
  RoleInUse,
  RoleNameTaken,
  RoleNotFound,
  UnknownPermission,
} from './errors.js';
import { isSameSet, permissionSet } from './permission-set.js';
import type { Permission, Role, RoleScope } from './permissions.js';
import type { PermissionReader, PermissionUnitOfWork, PermissionWriter, PolicyActor } from './ports.js';

/** What permissions there are; the authorizer's catalogue. */
export interface KnownPermissions {
  has(type: string, action: string): boolean;
  /** Whether resources of the type belong to companies. */
  isOfCompany(type: string): boolean;
}

export interface RoleManagement {
  /** @throws RoleNameTaken, UnknownPermission, PermissionOutOfScope, MoreThanOwn */
  create(fields: NewRole, actor: PolicyActor): Promise<Role>;
  /** What its holders may do changes within a second. @throws RoleNotFound, BuiltInRoleFixed and those of `create` */
  update(name: string, changes: RoleChanges, actor: PolicyActor): Promise<Role>;
  /** @throws RoleNotFound, BuiltInRoleFixed, RoleInUse while anyone holds it */
  remove(name: string, actor: PolicyActor): Promise<void>;
}

export interface NewRole {
  readonly name: string;
  readonly scope: RoleScope;
  readonly title: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
}

export type RoleChanges = Partial<Pick<NewRole, 'title' | 'description' | 'permissions'>>;

export function createRoleManagement(deps: {
  unitOfWork: PermissionUnitOfWork;
  reader: Pick<PermissionReader, 'rolesByNames'>;
  known: KnownPermissions;
}): RoleManagement {
  const { unitOfWork, reader, known } = deps;

  const assertHandedOut = async (permissions: readonly Permission[], scope: RoleScope, actor: PolicyActor): Promise<void> => {
    for (const permission of permissions) {
      if (!known.has(permission.type, permission.action)) throw new UnknownPermission(permission);
      if (scope === 'company' && !known.isOfCompany(permission.type)) throw new PermissionOutOfScope(permission);
    }
    // A role of companies may be held for any of them, so its maker holds its permissions everywhere.
    const lacking = await actor.lacks(permissions, null);
    if (lacking.length > 0) throw new MoreThanOwn(lacking);
  };

  const own = async (writer: PermissionWriter, name: string): Promise<Role> => {
    const role = await writer.role(name);
    if (!role) throw new RoleNotFound(name);
    if (role.isBuiltIn) throw new BuiltInRoleFixed(name);
    return role;
  };

  return {
    async create(fields, actor) {
      const permissions = permissionSet(fields.permissions);
      await assertHandedOut(permissions, fields.scope, actor);
      return unitOfWork.run(actor.audited, async (writer) => {
        if (await writer.role(fields.name)) throw new RoleNameTaken(fields.name);
        const role: Role = { ...fields, permissions, isBuiltIn: false, revision: 1 };
        await writer.insertRole(role);
        writer.changed({ kind: 'rules' });
        writer.audit({ action: 'role.create', resource: { type: 'Role', id: role.name }, details: { permissions: permissions.length } });
        return role;
      });
    },

    async update(name, changes, actor) {
      const permissions = changes.permissions && permissionSet(changes.permissions);
      const [before] = await reader.rolesByNames([name]);
      if (!before) throw new RoleNotFound(name);
      // Scopes never change, so this is asked before the transaction, which must ask nobody.
      if (permissions) await assertHandedOut(permissions, before.scope, actor);
      return unitOfWork.run(actor.audited, async (writer) => {
        const current = await own(writer, name);
        const next: Role = {
          ...current,
          ...(changes.title === undefined ? {} : { title: changes.title }),
          ...(changes.description === undefined ? {} : { description: changes.description }),
          ...(permissions === undefined ? {} : { permissions }),
        };
        if (isSame(current, next)) return current;
        await writer.updateRole(next);
        writer.changed({ kind: 'rules' });
        writer.audit({ action: 'role.update', resource: { type: 'Role', id: name }, details: { permissions: next.permissions.length } });
        return { ...next, revision: current.revision + 1 };
      });
    },

    remove: (name, actor) =>
      unitOfWork.run(actor.audited, async (writer) => {
        await own(writer, name);
        const holders = await writer.countAllHolders(name);
        if (holders > 0) throw new RoleInUse(name, holders);
        await writer.deleteRole(name);
        writer.changed({ kind: 'rules' });
        writer.audit({ action: 'role.delete', resource: { type: 'Role', id: name } });
      }),
  };
}

const isSame = (a: Role, b: Role): boolean =>
  a.title === b.title && a.description === b.description && isSameSet(a.permissions, b.permissions);
