import { requireIdentity, requirePermission } from '@loomgraph/auth';
import { toPageRequest } from '@loomgraph/core';
import { given, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { userCursorTag } from '../domain/cursor-tags.js';
import type { UserManagement } from '../domain/manage-users.js';
import type { AccountReader, UserFilter, UserOrder, UserSortField } from '../domain/ports.js';
import { UpdateProfileInput, UserFilterInput, UserOrderDirection, UserOrderInput, type UserOrderField } from './account.input.js';
import { actorOf, type AccountsContext } from './context.js';
import { RotateSigningKeysPayload, UserPayload } from './login.type.js';
import { localeOf, statusOf, toUser } from './present.js';
import { User, UserConnection } from './user.type.js';

const sortFields: Record<UserOrderField, UserSortField> = { CREATED_AT: 'createdAt', EMAIL: 'email', DISPLAY_NAME: 'displayName' };
const newestFirst: UserOrder = { field: 'createdAt', direction: 'desc' };

interface UserResolverDependencies {
  readonly reader: AccountReader;
  readonly users: UserManagement;
  /** Makes another key sign access tokens. @throws LoomError CAPABILITY_NOT_CONFIGURED where a secret signs them */
  readonly rotateKeys: () => Promise<string>;
}

/** Users: one's own, and all of them for administrators. */
@Resolver(() => User)
export class UserResolver {
  readonly #deps: UserResolverDependencies;

  constructor(deps: UserResolverDependencies) {
    this.#deps = deps;
  }

  @Query(() => User, { nullable: true, description: 'The caller; null for an anonymous one, or one that has no account here.' })
  async me(@Ctx() context: AccountsContext): Promise<User | null> {
    const { identity, loaders } = context;
    const user = identity && (await loaders.user.load(identity.userId));
    return user && toUser(user, identity);
  }

  @Query(() => User, { nullable: true, description: 'A user by id; null when there is none. For administrators.' })
  async user(@Arg('id', () => ID) id: string, @Ctx() context: AccountsContext): Promise<User | null> {
    await requirePermission(context.authorizer, context.identity, { action: 'read', resource: { type: 'user', id, ownerId: id } });
    const user = await context.loaders.user.load(id);
    return user && toUser(user, 'permitted');
  }

  @Query(() => UserConnection, { description: 'Users, newest first unless stated; pages of at most 100. For administrators.' })
  async users(
    @Ctx() context: AccountsContext,
    @Arg('filter', () => UserFilterInput, { nullable: true }) filter?: UserFilterInput,
    @Arg('orderBy', () => UserOrderInput, { nullable: true }) orderBy?: UserOrderInput,
    @Arg('first', () => Int, { nullable: true }) first?: number,
    @Arg('after', () => String, { nullable: true }) after?: string,
    @Arg('last', () => Int, { nullable: true }) last?: number,
    @Arg('before', () => String, { nullable: true }) before?: string,
  ): Promise<UserConnection> {
    await requirePermission(context.authorizer, context.identity, { action: 'read', resource: { type: 'user' } });
    const order: UserOrder = orderBy
      ? { field: sortFields[orderBy.field], direction: orderBy.direction === UserOrderDirection.ASC ? 'asc' : 'desc' }
      : newestFirst;
    const page = toPageRequest({ first, after, last, before }, userCursorTag(order));
    return toConnection(await this.#deps.reader.listUsers(filterOf(filter), order, page), (user) => toUser(user, 'permitted'));
  }

  @Mutation(() => UserPayload, { description: "Changes the caller's own profile." })
  async updateProfile(
    @Arg('input', () => UpdateProfileInput) input: UpdateProfileInput,
    @Ctx() context: AccountsContext,
  ): Promise<UserPayload> {
    const identity = requireIdentity(context.identity);
    const { displayName, locale, expectedRevision } = input;
    const changes = { displayName: displayName ?? undefined, locale: locale ? localeOf[locale] : undefined };
    return {
      user: toUser(await this.#deps.users.updateProfile(changes, actorOf(identity, context), expectedRevision ?? undefined), identity),
    };
  }

  @Mutation(() => UserPayload, { description: 'Signs a user out everywhere and lets them in no more. For administrators.' })
  async disableUser(@Arg('id', () => ID) id: string, @Ctx() context: AccountsContext): Promise<UserPayload> {
    const identity = await requirePermission(context.authorizer, context.identity, { action: 'disable', resource: { type: 'user', id } });
    return { user: toUser(await this.#deps.users.disable(id, actorOf(identity, context)), 'permitted') };
  }

  @Mutation(() => UserPayload, { description: 'Lets a disabled user in again. For administrators.' })
  async enableUser(@Arg('id', () => ID) id: string, @Ctx() context: AccountsContext): Promise<UserPayload> {
    const identity = await requirePermission(context.authorizer, context.identity, { action: 'disable', resource: { type: 'user', id } });
    return { user: toUser(await this.#deps.users.enable(id, actorOf(identity, context)), 'permitted') };
  }

  @Mutation(() => RotateSigningKeysPayload, {
    description: 'Makes another key sign access tokens; tokens of the one before stay good until they expire. For administrators.',
  })
  async rotateSigningKeys(@Ctx() context: AccountsContext): Promise<RotateSigningKeysPayload> {
    await requirePermission(context.authorizer, context.identity, { action: 'rotate', resource: { type: 'signing-key' } });
    return { keyId: await this.#deps.rotateKeys() };
  }

  @FieldResolver(() => [String], {
    nullable: true,
    description: 'Roles that count everywhere, by name; for the user and administrators, null for others.',
  })
  roles(@Root() { id, mayRead }: User, @Ctx() { loaders }: AccountsContext): Promise<readonly string[]> | null {
    return mayRead ? loaders.roles.load(id) : null;
  }
}

function filterOf(input: UserFilterInput | null | undefined): UserFilter {
  const { status, locale, ...others } = given(input);
  return {
    ...others,
    ...(status ? { status: statusOf[status] } : {}),
    ...(locale ? { locale: localeOf[locale] } : {}),
  };
}
