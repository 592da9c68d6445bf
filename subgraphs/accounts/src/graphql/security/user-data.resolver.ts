import { requirePermission, type Identity } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { UserNotFound } from '../../domain/errors.js';
import { ExportNotFound, WrongPassword } from '../../domain/security/errors.js';
import type { UserData, UserExport as UserExportRecord } from '../../domain/security/user-data.js';
import { actorOf, type AccountsContext } from '../context.js';
import { requirePerson } from './require-person.js';
import {
  EraseUserInput,
  EraseUserPayload,
  ExportUserDataPayload,
  UnlockUserPayload,
  UserExport,
  UserExportState,
} from './user-data.type.js';

const states: Record<UserExportRecord['state'], UserExportState> = {
  collecting: UserExportState.COLLECTING,
  done: UserExportState.DONE,
  failed: UserExportState.FAILED,
};

export interface UserDataResolverDependencies {
  readonly userData: UserData;
  /** A link to a file that works for minutes. */
  readonly linkTo: (objectKey: string, name: string) => Promise<string>;
  /** Throttled. */
  readonly passwordFits: (
    userId: string,
    password: string,
    from: { address?: string | undefined; requestId?: string | undefined },
  ) => Promise<boolean>;
  readonly unlock: (email: string, actor: ReturnType<typeof actorOf>, userId: string) => Promise<void>;
}

/** What people may ask for of the data about them: a copy, and that it goes. */
@Resolver(() => UserExport)
export class UserDataResolver {
  readonly #deps: UserDataResolverDependencies;

  constructor(deps: UserDataResolverDependencies) {
    this.#deps = deps;
  }

  @Query(() => UserExport, { description: 'An export, by its id. For its user and administrators.' })
  async userExport(@Arg('id', () => ID) id: string, @Ctx() context: AccountsContext): Promise<UserExport> {
    const identity = requirePerson(context);
    const found = await this.#deps.userData.export(id);
    if (found.userId !== identity.userId && !(await mayToAll(context, identity, 'export'))) throw new ExportNotFound(id);
    return toExport(found);
  }

  @Query(() => [UserExport], {
    description: "A user's exports, newest first; the caller's when no user is named. Others: for administrators.",
  })
  async userExports(
    @Ctx() context: AccountsContext,
    @Arg('userId', () => ID, { nullable: true }) userId?: string,
  ): Promise<readonly UserExport[]> {
    return (await this.#deps.userData.exportsOf(await this.#whose(context, 'export', userId))).map(toExport);
  }

  @Mutation(() => ExportUserDataPayload, {
    description: "Has all data about a user collected in one file; the caller's when no user is named. Others: for administrators.",
  })
  async exportUserData(
    @Ctx() context: AccountsContext,
    @Arg('userId', () => ID, { nullable: true }) userId?: string,
  ): Promise<ExportUserDataPayload> {
    const whose = await this.#whose(context, 'export', userId);
    const identity = requirePerson(context);
    return { export: toExport(await this.#deps.userData.requestExport(whose, actorOf(identity, context))) };
  }

  @Mutation(() => EraseUserPayload, {
    description: 'Erases a user everywhere, for good. Ratings and uses go with them, templates they made stay without their maker.',
  })
  async eraseUser(
    @Arg('input', () => EraseUserInput) { userId, password }: EraseUserInput,
    @Ctx() context: AccountsContext,
  ): Promise<EraseUserPayload> {
    const identity = requirePerson(context);
    const actor = actorOf(identity, context);
    const whose = await this.#whose(context, 'erase', userId ?? undefined);
    if (whose === identity.userId) {
      if (password == null)
        throw new LoomError('BAD_USER_INPUT', 'Give your password to erase your own account.', { details: { argument: 'password' } });
      if (!(await this.#deps.passwordFits(whose, password, actor))) throw new WrongPassword();
    }
    await this.#deps.userData.erase(whose, actor, await mayToAll(context, identity, 'erase'));
    return { erasedId: whose };
  }

  @Mutation(() => UnlockUserPayload, {
    description: 'Lets an account be tried again at once that was tried too often. For administrators.',
  })
  async unlockUser(@Arg('userId', () => ID) userId: string, @Ctx() context: AccountsContext): Promise<UnlockUserPayload> {
    const resource = { type: 'user', id: userId };
    const identity = await requirePermission(context.authorizer, context.identity, { action: 'recover', resource });
    const user = await context.loaders.user.load(userId);
    if (!user) throw new UserNotFound(userId);
    await this.#deps.unlock(user.email, actorOf(identity, context), userId);
    return { userId };
  }

  @FieldResolver(() => String, { nullable: true, description: 'Where to fetch the file, for five minutes; null while there is none.' })
  async downloadUrl(@Root() { objectKey, id }: UserExport): Promise<string | null> {
    return objectKey === null ? null : this.#deps.linkTo(objectKey, `user-data-${id}.json`);
  }

  /** @throws LoomError FORBIDDEN for another user, unless the caller may do that to all of them */
  async #whose(context: AccountsContext, action: 'export' | 'erase', userId: string | undefined): Promise<string> {
    const identity = requirePerson(context);
    if (userId == null || userId === identity.userId) return identity.userId;
    await requirePermission(context.authorizer, identity, { action, resource: { type: 'user', id: userId } });
    return userId;
  }
}

async function mayToAll({ authorizer }: AccountsContext, identity: Identity, action: 'export' | 'erase'): Promise<boolean> {
  return (await authorizer.check(identity, action, { type: 'user' })).allowed;
}

function toExport({ state, ...record }: UserExportRecord): UserExport {
  const { id, userId, requestedAt, finishedAt, expiresAt, sizeBytes, errorCode, objectKey } = record;
  return { id, userId, state: states[state], requestedAt, finishedAt, expiresAt, sizeBytes, errorCode, objectKey };
}
