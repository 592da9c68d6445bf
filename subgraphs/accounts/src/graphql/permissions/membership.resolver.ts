import { requireIdentity, requirePermission, type AccessRequest, type Authorizer } from '@loomgraph/auth';
import { given, PageArgs, pageOf, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Args, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { RoleAssignment } from '../../domain/permissions/assign-roles.js';
import { permissionCursors } from '../../domain/permissions/cursors.js';
import type { MembershipKey, PermissionReader } from '../../domain/permissions/ports.js';
import type { AccountsContext } from '../context.js';
import { RoleMembership, RoleMembershipConnection } from './membership.type.js';
import { policyActor } from './policy-actor.js';
import { RoleAssignmentInput, RoleMembershipFilterInput } from './policy.input.js';
import { fromScope, toRoleMembership } from './present.js';

@ObjectType({ description: 'A role that a user holds now.', simpleResolvers: true })
export class AssignRolePayload {
  @Field(() => RoleMembership, { description: 'The membership.' })
  membership!: RoleMembership;
}

@ObjectType({ description: 'A role that a user no longer holds.', simpleResolvers: true })
export class RemoveRolePayload {
  @Field(() => String, { description: 'The user.' })
  userId!: string;

  @Field(() => String, { description: 'The role.' })
  role!: string;
}

@Resolver()
export class MembershipResolver {
  readonly #reader: PermissionReader;
  readonly #assignment: RoleAssignment;
  readonly #authorizer: Authorizer;

  constructor(deps: { reader: PermissionReader; assignment: RoleAssignment; authorizer: Authorizer }) {
    this.#reader = deps.reader;
    this.#assignment = deps.assignment;
    this.#authorizer = deps.authorizer;
  }

  @Query(() => RoleMembershipConnection, {
    description: "Who holds which role where, latest first: the caller's own, and those of companies whose members the caller may see.",
  })
  async memberships(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: AccountsContext,
    @Arg('filter', () => RoleMembershipFilterInput, { nullable: true }) filter?: RoleMembershipFilterInput,
  ): Promise<RoleMembershipConnection> {
    const visible = await this.#authorizer.filter(requireIdentity(context.identity), 'read', 'membership');
    const { scope, ...rest } = given(filter);
    const where = { ...rest, ...(scope === undefined ? {} : { scope: fromScope[scope] }) };
    return toConnection(await this.#reader.listMemberships(where, visible, pageOf(page, permissionCursors.memberships)), toRoleMembership);
  }

  @Mutation(() => AssignRolePayload, {
    description:
      'Gives a user a role, everywhere or for a company; may be repeated. For administrators, and for owners and administrators of the company; nobody gives a role that may more than they may.',
  })
  async assignRole(
    @Arg('input', () => RoleAssignmentInput) input: RoleAssignmentInput,
    @Ctx() context: AccountsContext,
  ): Promise<AssignRolePayload> {
    const key = keyOf(input);
    await requirePermission(this.#authorizer, context.identity, permissionFor('assign', key));
    return { membership: toRoleMembership(await this.#assignment.assign(key, policyActor(this.#authorizer, context))) };
  }

  @Mutation(() => RemoveRolePayload, {
    description:
      'Takes a role away; the last administrator and the last owner of a company keep theirs. For those who may give it, and for the holder.',
  })
  async removeRole(
    @Arg('input', () => RoleAssignmentInput) input: RoleAssignmentInput,
    @Ctx() context: AccountsContext,
  ): Promise<RemoveRolePayload> {
    const key = keyOf(input);
    const { userId } = requireIdentity(context.identity);
    if (key.userId !== userId) await requirePermission(this.#authorizer, context.identity, permissionFor('remove', key));
    await this.#assignment.remove(key, policyActor(this.#authorizer, context));
    return { userId: key.userId, role: key.role };
  }
}

const keyOf = ({ userId, role, companyId }: RoleAssignmentInput): MembershipKey => ({ userId, role, companyId: companyId ?? null });

function permissionFor(action: 'assign' | 'remove', { role, companyId }: MembershipKey): AccessRequest {
  return companyId === null
    ? { action: 'assign', resource: { type: 'role', id: role } }
    : { action, resource: { type: 'membership', companyId } };
}
