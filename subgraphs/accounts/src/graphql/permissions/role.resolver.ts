import { requirePermission, type Authorizer } from '@loomgraph/auth';
import { given, PageArgs, pageOf, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Args, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { permissionCursors } from '../../domain/permissions/cursors.js';
import type { RoleManagement } from '../../domain/permissions/manage-roles.js';
import type { PermissionReader } from '../../domain/permissions/ports.js';
import type { AccountsContext } from '../context.js';
import type { PermissionInput } from './permission.input.js';
import { policyActor } from './policy-actor.js';
import { CreateRoleInput, RoleFilterInput, UpdateRoleInput } from './policy.input.js';
import { fromReach, fromScope, toRole } from './present.js';
import { Role, RoleConnection } from './role.type.js';

@ObjectType({ description: 'A role after a change.', simpleResolvers: true })
export class RolePayload {
  @Field(() => Role, { description: 'The role as committed.' })
  role!: Role;
}

@ObjectType({ description: 'The role that was deleted.', simpleResolvers: true })
export class DeleteRolePayload {
  @Field(() => ID, { description: 'Its name.' })
  deletedName!: string;
}

@Resolver()
export class RoleResolver {
  readonly #reader: PermissionReader;
  readonly #roles: RoleManagement;
  readonly #authorizer: Authorizer;

  constructor(deps: { reader: PermissionReader; roles: RoleManagement; authorizer: Authorizer }) {
    this.#reader = deps.reader;
    this.#roles = deps.roles;
    this.#authorizer = deps.authorizer;
  }

  @Query(() => RoleConnection, { description: 'Roles with their permissions, by name; for whoever is signed in.' })
  async roles(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: AccountsContext,
    @Arg('filter', () => RoleFilterInput, { nullable: true }) filter?: RoleFilterInput,
  ): Promise<RoleConnection> {
    await requirePermission(this.#authorizer, context.identity, { action: 'read', resource: { type: 'role' } });
    const { scope, ...rest } = given(filter);
    const where = { ...rest, ...(scope === undefined ? {} : { scope: fromScope[scope] }) };
    return toConnection(await this.#reader.listRoles(where, pageOf(page, permissionCursors.roles)), toRole);
  }

  @Query(() => Role, { nullable: true, description: 'A role by name; null when there is none. For whoever is signed in.' })
  async role(@Arg('name', () => ID) name: string, @Ctx() context: AccountsContext): Promise<Role | null> {
    await requirePermission(this.#authorizer, context.identity, { action: 'read', resource: { type: 'role', id: name } });
    const [role] = await this.#reader.rolesByNames([name]);
    return role ? toRole(role) : null;
  }

  @Mutation(() => RolePayload, { description: 'Makes a role. For administrators.' })
  async createRole(@Arg('input', () => CreateRoleInput) input: CreateRoleInput, @Ctx() context: AccountsContext): Promise<RolePayload> {
    await requirePermission(this.#authorizer, context.identity, { action: 'create', resource: { type: 'role' } });
    const { name, title, description, scope, permissions } = input;
    const fields = { name, title, description, scope: fromScope[scope], permissions: permissions.map(toPermission) };
    return { role: toRole(await this.#roles.create(fields, policyActor(this.#authorizer, context))) };
  }

  @Mutation(() => RolePayload, {
    description: 'Changes a role that is not built in; what its holders may do changes within a second. For administrators.',
  })
  async updateRole(@Arg('input', () => UpdateRoleInput) input: UpdateRoleInput, @Ctx() context: AccountsContext): Promise<RolePayload> {
    const { name, permissions, ...texts } = given(input);
    await requirePermission(this.#authorizer, context.identity, { action: 'update', resource: { type: 'role', id: input.name } });
    const changes = { ...texts, ...(permissions === undefined ? {} : { permissions: permissions.map(toPermission) }) };
    return { role: toRole(await this.#roles.update(name ?? input.name, changes, policyActor(this.#authorizer, context))) };
  }

  @Mutation(() => DeleteRolePayload, { description: 'Deletes a role that nobody holds. For administrators.' })
  async deleteRole(@Arg('name', () => ID) name: string, @Ctx() context: AccountsContext): Promise<DeleteRolePayload> {
    await requirePermission(this.#authorizer, context.identity, { action: 'delete', resource: { type: 'role', id: name } });
    await this.#roles.remove(name, policyActor(this.#authorizer, context));
    return { deletedName: name };
  }
}

const toPermission = ({ type, action, reach }: PermissionInput) => ({ type, action, reach: fromReach[reach] });
