import { isSameSet, permissionSet } from './permission-set.js';
import type { Role } from './permissions.js';
import type { PermissionUnitOfWork } from './ports.js';

/** A role that comes with the product. */
export type BuiltInRole = Omit<Role, 'revision' | 'isBuiltIn'>;

/**
 * Brings the built-in roles in the record to what this release has; run at each start. A role of the installation's own that has the name of a new
 * built-in one becomes that one.
 * @returns the names of those that differed
 */
export async function installBuiltInRoles(unitOfWork: PermissionUnitOfWork, roles: readonly BuiltInRole[]): Promise<readonly string[]> {
  return unitOfWork.run({}, async (writer) => {
    const installed: string[] = [];
    for (const { name, scope, title, description, permissions } of roles) {
      const current = await writer.role(name);
      const wanted: Role = {
        name,
        scope,
        title,
        description,
        isBuiltIn: true,
        permissions: permissionSet(permissions),
        revision: current?.revision ?? 1,
      };
      if (current && isSame(current, wanted)) continue;
      await (current ? writer.updateRole(wanted) : writer.insertRole(wanted));
      installed.push(name);
    }
    if (installed.length > 0) writer.changed({ kind: 'rules' });
    return installed;
  });
}

const isSame = (a: Role, b: Role): boolean =>
  a.scope === b.scope && a.title === b.title && a.description === b.description && a.isBuiltIn && isSameSet(a.permissions, b.permissions);
