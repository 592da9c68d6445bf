import { requirePermission, type Authorizer } from '@loomgraph/auth';
import { given, PageArgs, pageOf, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Args, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { permissionCursors } from '../../domain/permissions/cursors.js';
import type { GrantManagement } from '../../domain/permissions/manage-grants.js';
import type { PermissionReader } from '../../domain/permissions/ports.js';
import type { AccountsContext } from '../context.js';
import { ResourceGrant, ResourceGrantConnection } from './grant.type.js';
import { policyActor } from './policy-actor.js';
import { GrantAccessInput, ResourceGrantFilterInput } from './policy.input.js';
import { fromGranteeKind, toResourceGrant } from './present.js';

@ObjectType({ description: 'What is allowed now.', simpleResolvers: true })
export class GrantAccessPayload {
  @Field(() => ResourceGrant, { description: 'The grant.' })
  grant!: ResourceGrant;
}

@ObjectType({ description: 'The grant that was taken back.', simpleResolvers: true })
export class RevokeAccessPayload {
  @Field(() => ID, { description: 'Its id.' })
  deletedId!: string;
}

@Resolver()
export class GrantResolver {
  readonly #reader: PermissionReader;
  readonly #grants: GrantManagement;
  readonly #authorizer: Authorizer;

  constructor(deps: { reader: PermissionReader; grants: GrantManagement; authorizer: Authorizer }) {
    this.#reader = deps.reader;
    this.#grants = deps.grants;
    this.#authorizer = deps.authorizer;
  }

  @Query(() => ResourceGrantConnection, { description: 'Actions that are allowed on single resources, latest first. For administrators.' })
  async grants(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: AccountsContext,
    @Arg('filter', () => ResourceGrantFilterInput, { nullable: true }) filter?: ResourceGrantFilterInput,
  ): Promise<ResourceGrantConnection> {
    await requirePermission(this.#authorizer, context.identity, { action: 'read', resource: { type: 'grant' } });
    const { granteeKind, ...rest } = given(filter);
    const where = { ...rest, ...(granteeKind === undefined ? {} : { granteeKind: fromGranteeKind[granteeKind] }) };
    return toConnection(await this.#reader.listGrants(where, pageOf(page, permissionCursors.grants)), toResourceGrant);
  }

  @Mutation(() => GrantAccessPayload, { description: 'Allows an action on one resource; may be repeated. For administrators.' })
  async grantAccess(
    @Arg('input', () => GrantAccessInput) input: GrantAccessInput,
    @Ctx() context: AccountsContext,
  ): Promise<GrantAccessPayload> {
    await requirePermission(this.#authorizer, context.identity, { action: 'create', resource: { type: 'grant' } });
    const { granteeId, resourceType, resourceId, action } = input;
    const fields = { granteeKind: fromGranteeKind[input.granteeKind], granteeId, resourceType, resourceId, action };
    return { grant: toResourceGrant(await this.#grants.grant(fields, policyActor(this.#authorizer, context))) };
  }

  @Mutation(() => RevokeAccessPayload, { description: 'Takes a grant back. For administrators.' })
  async revokeAccess(@Arg('id', () => ID) id: string, @Ctx() context: AccountsContext): Promise<RevokeAccessPayload> {
    await requirePermission(this.#authorizer, context.identity, { action: 'delete', resource: { type: 'grant', id } });
    await this.#grants.revoke(id, policyActor(this.#authorizer, context));
    return { deletedId: id };
  }
}
