import { builtInRoles, isPermission, permissionCatalogue, type PermissionCatalogue } from '@loomgraph/auth';
import { createRoleAssignment } from './domain/permissions/assign-roles.js';
import { installBuiltInRoles } from './domain/permissions/install-built-in-roles.js';
import { createGrantManagement } from './domain/permissions/manage-grants.js';
import { createGroupManagement } from './domain/permissions/manage-groups.js';
import { createRoleManagement, type KnownPermissions } from './domain/permissions/manage-roles.js';
import { AskResolver } from './graphql/permissions/ask.resolver.js';
import { GrantResolver } from './graphql/permissions/grant.resolver.js';
import { GroupResolver } from './graphql/permissions/group.resolver.js';
import { MembershipResolver } from './graphql/permissions/membership.resolver.js';
import { RoleResolver } from './graphql/permissions/role.resolver.js';
import type { AccountsModule } from './modules.js';
import { permissionEntities } from './store/permissions/entities.js';
import { permissionsMigration } from './store/permissions/migration.js';
import { createPermissionReader } from './store/permissions/permission.reader.js';
import { createPermissionUnitOfWork } from './store/permissions/permission.writer.js';

/** Roles, groups and grants: the policy data that every authorizer reads. */
export const permissionsModule: AccountsModule = {
  name: 'permissions',
  entities: permissionEntities,
  migrations: [permissionsMigration],
  records: [],
  resolvers: [AskResolver, RoleResolver, MembershipResolver, GroupResolver, GrantResolver],

  async open({ store, unitOfWork: transactions, authorizer, audit, clock, ids }) {
    const reader = createPermissionReader(store);
    const unitOfWork = createPermissionUnitOfWork({ unitOfWork: transactions, store, audit, onChanged: () => authorizer.refresh() });
    await installBuiltInRoles(
      unitOfWork,
      builtInRoles.map(({ name, scope, title, doc, rules }) => ({
        name,
        scope,
        title,
        description: doc,
        permissions: rules.map(({ type, action, reach }) => ({ type, action, reach })),
      })),
    );
    return {
      resolvers: [
        new AskResolver(authorizer),
        new RoleResolver({ reader, roles: createRoleManagement({ unitOfWork, reader, known }), authorizer }),
        new MembershipResolver({ reader, assignment: createRoleAssignment({ unitOfWork, reader, clock }), authorizer }),
        new GroupResolver({ reader, groups: createGroupManagement({ unitOfWork, clock, ids }), authorizer }),
        new GrantResolver({ reader, grants: createGrantManagement({ unitOfWork, known, clock, ids }), authorizer }),
      ],
    };
  },
};

const catalogue: PermissionCatalogue = permissionCatalogue;
const known: KnownPermissions = {
  has: (type, action) => isPermission(type, action),
  isOfCompany: (type) => Object.hasOwn(catalogue, type) && catalogue[type]?.ofCompany === true,
};
