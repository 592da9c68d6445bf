import { requireIdentity, requirePermission, type Authorizer } from '@loomgraph/auth';
import { given, PageArgs, pageOf, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Args, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { permissionCursors } from '../../domain/permissions/cursors.js';
import { GroupNotFound } from '../../domain/permissions/errors.js';
import type { GroupManagement } from '../../domain/permissions/manage-groups.js';
import type { Group } from '../../domain/permissions/permissions.js';
import type { PermissionReader } from '../../domain/permissions/ports.js';
import type { AccountsContext } from '../context.js';
import { UserGroup, UserGroupConnection, UserGroupMemberConnection } from './group.type.js';
import { policyActor } from './policy-actor.js';
import { CreateUserGroupInput, UpdateUserGroupInput, UserGroupFilterInput, UserGroupMembersInput } from './policy.input.js';
import { toUserGroup, toUserGroupMember } from './present.js';

@ObjectType({ description: 'A group after a change.', simpleResolvers: true })
export class UserGroupPayload {
  @Field(() => UserGroup, { description: 'The group as committed.' })
  group!: UserGroup;
}

@ObjectType({ description: 'The group that was deleted.', simpleResolvers: true })
export class DeleteUserGroupPayload {
  @Field(() => ID, { description: 'Its id.' })
  deletedId!: string;
}

@Resolver(() => UserGroup)
export class GroupResolver {
  readonly #reader: PermissionReader;
  readonly #groups: GroupManagement;
  readonly #authorizer: Authorizer;

  constructor(deps: { reader: PermissionReader; groups: GroupManagement; authorizer: Authorizer }) {
    this.#reader = deps.reader;
    this.#groups = deps.groups;
    this.#authorizer = deps.authorizer;
  }

  @Query(() => UserGroupConnection, {
    description: "Groups, by name: the caller's, and those of companies whose groups the caller may see.",
  })
  async groups(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: AccountsContext,
    @Arg('filter', () => UserGroupFilterInput, { nullable: true }) filter?: UserGroupFilterInput,
  ): Promise<UserGroupConnection> {
    const visible = await this.#authorizer.filter(requireIdentity(context.identity), 'read', 'group');
    return toConnection(await this.#reader.listGroups(given(filter), visible, pageOf(page, permissionCursors.groups)), toUserGroup);
  }

  @Query(() => UserGroup, { nullable: true, description: 'A group by id; null where there is none that the caller may see.' })
  async group(@Arg('id', () => ID) id: string, @Ctx() context: AccountsContext): Promise<UserGroup | null> {
    const identity = requireIdentity(context.identity);
    const [group] = await this.#reader.groupsByIds([id]);
    if (!group || !(await this.#authorizer.check(identity, 'read', resourceOf(group))).allowed) return null;
    return toUserGroup(group);
  }

  @FieldResolver(() => UserGroupMemberConnection, { description: 'Its members, by user id.' })
  async members(@Root() group: UserGroup, @Args(() => PageArgs) page: PageArgs): Promise<UserGroupMemberConnection> {
    return toConnection(await this.#reader.listMembers(group.id, pageOf(page, permissionCursors.members)), toUserGroupMember);
  }

  @Mutation(() => UserGroupPayload, { description: 'Makes a group, of a company or of the installation.' })
  async createGroup(
    @Arg('input', () => CreateUserGroupInput) input: CreateUserGroupInput,
    @Ctx() context: AccountsContext,
  ): Promise<UserGroupPayload> {
    const { name, description, companyId } = input;
    await requirePermission(this.#authorizer, context.identity, {
      action: 'create',
      resource: { type: 'group', ...(companyId == null ? {} : { companyId }) },
    });
    const group = await this.#groups.create({ name, description, companyId: companyId ?? null }, policyActor(this.#authorizer, context));
    return { group: toUserGroup(group) };
  }

  @Mutation(() => UserGroupPayload, { description: 'Renames or describes a group.' })
  async updateGroup(
    @Arg('input', () => UpdateUserGroupInput) input: UpdateUserGroupInput,
    @Ctx() context: AccountsContext,
  ): Promise<UserGroupPayload> {
    const { id: _id, ...changes } = given(input);
    await this.#require('update', input.id, context);
    return { group: toUserGroup(await this.#groups.update(input.id, changes, policyActor(this.#authorizer, context))) };
  }

  @Mutation(() => DeleteUserGroupPayload, { description: 'Deletes a group and what is granted to it.' })
  async deleteGroup(@Arg('id', () => ID) id: string, @Ctx() context: AccountsContext): Promise<DeleteUserGroupPayload> {
    await this.#require('delete', id, context);
    await this.#groups.remove(id, policyActor(this.#authorizer, context));
    return { deletedId: id };
  }

  @Mutation(() => UserGroupPayload, { description: 'Makes users members of a group; may be repeated.' })
  async addGroupMembers(
    @Arg('input', () => UserGroupMembersInput) { groupId, userIds }: UserGroupMembersInput,
    @Ctx() context: AccountsContext,
  ): Promise<UserGroupPayload> {
    await this.#require('update', groupId, context);
    return { group: toUserGroup(await this.#groups.addMembers(groupId, userIds, policyActor(this.#authorizer, context))) };
  }

  @Mutation(() => UserGroupPayload, { description: 'Ends the membership of users; who is no member is passed over.' })
  async removeGroupMembers(
    @Arg('input', () => UserGroupMembersInput) { groupId, userIds }: UserGroupMembersInput,
    @Ctx() context: AccountsContext,
  ): Promise<UserGroupPayload> {
    await this.#require('update', groupId, context);
    return { group: toUserGroup(await this.#groups.removeMembers(groupId, userIds, policyActor(this.#authorizer, context))) };
  }

  /** Whose group it is decides; its company never changes. */
  async #require(action: string, id: string, context: AccountsContext): Promise<void> {
    requireIdentity(context.identity);
    const [group] = await this.#reader.groupsByIds([id]);
    await requirePermission(this.#authorizer, context.identity, { action, resource: group ? resourceOf(group) : { type: 'group', id } });
    if (!group) throw new GroupNotFound(id);
  }
}

/** A group is shared with itself: its members may do what a permission of reach `group` allows. */
const resourceOf = ({ id, companyId }: Group) => ({ type: 'group', id, groupIds: [id], ...(companyId === null ? {} : { companyId }) });
