import { requireIdentity, requirePermission } from '@loomgraph/auth';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { PasswordManagement } from '../domain/change-password.js';
import { UserNotFound } from '../domain/errors.js';
import type { Login } from '../domain/login.js';
import type { Refresh } from '../domain/refresh.js';
import type { Registration } from '../domain/register.js';
import type { SessionManagement } from '../domain/sessions.js';
import { ChangePasswordInput, CompleteLoginInput, LoginInput, RegisterInput, ResetPasswordInput } from './account.input.js';
import { actorOf, type AccountsContext } from './context.js';
import {
  LoginPayload,
  LoginResult,
  LogoutPayload,
  MailPayload,
  RevokeSessionPayload,
  UserPayload,
  type SecondFactorRequired,
} from './login.type.js';
import { localeOf, toLoginPayload, toSession, toUser } from './present.js';
import { Session, User } from './user.type.js';

interface SessionResolverDependencies {
  readonly registration: Registration;
  readonly login: Login;
  readonly refresh: Refresh;
  readonly sessions: SessionManagement;
  readonly passwords: PasswordManagement;
}

/** Becoming known: registering, signing in and out, passwords. */
@Resolver(() => LoginPayload)
export class SessionResolver {
  readonly #deps: SessionResolverDependencies;

  constructor(deps: SessionResolverDependencies) {
    this.#deps = deps;
  }

  @Query(() => [Session], { description: "The caller's open sessions, last used first." })
  async sessions(@Ctx() context: AccountsContext): Promise<readonly Session[]> {
    const { userId, sessionId } = requireIdentity(context.identity);
    const resource = { type: 'session', ownerId: userId };
    await requirePermission(context.authorizer, context.identity, { action: 'read', resource });
    return (await this.#deps.sessions.list(userId)).map((session) => toSession(session, sessionId));
  }

  @Mutation(() => MailPayload, {
    description: 'Makes an account, which a mail confirms. The answer is the same for an address that has one; its owner gets a mail then.',
  })
  async register(@Arg('input', () => RegisterInput) input: RegisterInput, @Ctx() { requestId }: AccountsContext): Promise<MailPayload> {
    const { email, password, displayName, locale } = input;
    return {
      email: await this.#deps.registration.register({
        email,
        password,
        displayName: displayName ?? undefined,
        locale: locale ? localeOf[locale] : undefined,
        requestId,
      }),
    };
  }

  @Mutation(() => UserPayload, { description: 'Confirms an address by the token of the mail.' })
  async verifyEmail(@Arg('token', () => String) token: string): Promise<UserPayload> {
    return { user: toUser(await this.#deps.registration.verifyEmail(token), 'self') };
  }

  @Mutation(() => MailPayload, { description: 'Sends the mail that confirms an address again, where it is still needed.' })
  resendVerification(@Arg('email', () => String) email: string): MailPayload {
    return { email: this.#deps.registration.resendVerification(email) };
  }

  @Mutation(() => LoginResult, { description: 'Signs in with e-mail and password.' })
  async login(
    @Arg('input', () => LoginInput) { email, password, client }: LoginInput,
    @Ctx() { requestId, clientAddress: address }: AccountsContext,
  ): Promise<LoginPayload | SecondFactorRequired> {
    const outcome = await this.#deps.login.login({ email, password, clientId: client ?? undefined, requestId, address });
    if (outcome.kind === 'signed-in') return toLoginPayload(outcome.signedIn);
    const { challenge, expiresAt } = outcome;
    return { challenge, expiresAt };
  }

  @Mutation(() => LoginPayload, { description: 'The second step of a login that answered SecondFactorRequired.' })
  async completeLogin(
    @Arg('input', () => CompleteLoginInput) { challenge, code }: CompleteLoginInput,
    @Ctx() { requestId, clientAddress: address }: AccountsContext,
  ): Promise<LoginPayload> {
    return toLoginPayload(await this.#deps.login.completeLogin({ challenge, code, requestId, address }));
  }

  @Mutation(() => LoginPayload, {
    description: 'Exchanges a refresh token for the next pair of tokens. A token that is used twice ends its session.',
  })
  async refresh(@Arg('refreshToken', () => String) refreshToken: string, @Ctx() { requestId }: AccountsContext): Promise<LoginPayload> {
    return toLoginPayload(await this.#deps.refresh({ refreshToken, requestId }));
  }

  @Mutation(() => LogoutPayload, {
    description: 'Ends the session of the access token; its tokens are refused everywhere within 5 seconds.',
  })
  async logout(@Ctx() context: AccountsContext): Promise<LogoutPayload> {
    const actor = actorOf(requireIdentity(context.identity), context);
    return { endedSessions: (await this.#deps.sessions.logout(actor)) ? 1 : 0 };
  }

  @Mutation(() => LogoutPayload, { description: 'Ends all sessions of the caller.' })
  async logoutEverywhere(@Ctx() context: AccountsContext): Promise<LogoutPayload> {
    return { endedSessions: await this.#deps.sessions.logoutEverywhere(actorOf(requireIdentity(context.identity), context)) };
  }

  @Mutation(() => RevokeSessionPayload, { description: "Ends one of the caller's sessions." })
  async revokeSession(@Arg('id', () => ID) id: string, @Ctx() context: AccountsContext): Promise<RevokeSessionPayload> {
    await this.#deps.sessions.revoke(id, actorOf(requireIdentity(context.identity), context));
    return { revokedId: id };
  }

  @Mutation(() => UserPayload, { description: "Changes the caller's password and ends their other sessions." })
  async changePassword(
    @Arg('input', () => ChangePasswordInput) { currentPassword, newPassword }: ChangePasswordInput,
    @Ctx() context: AccountsContext,
  ): Promise<UserPayload> {
    const identity = requireIdentity(context.identity);
    await this.#deps.passwords.change({ current: currentPassword, next: newPassword }, actorOf(identity, context));
    return { user: await callerOf(context, identity.userId) };
  }

  @Mutation(() => MailPayload, { description: 'Sends a mail with which a new password can be chosen, where the address has an account.' })
  requestPasswordReset(@Arg('email', () => String) email: string): MailPayload {
    return { email: this.#deps.passwords.requestReset(email) };
  }

  @Mutation(() => UserPayload, { description: 'Sets a new password by the token of a mail, and ends all sessions of the user.' })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput) { token, newPassword }: ResetPasswordInput,
    @Ctx() { requestId }: AccountsContext,
  ): Promise<UserPayload> {
    return { user: toUser(await this.#deps.passwords.reset({ token, password: newPassword, requestId }), 'self') };
  }

  @FieldResolver(() => User, { description: 'Who has signed in.' })
  user(@Root() { userId }: LoginPayload, @Ctx() context: AccountsContext): Promise<User> {
    return callerOf(context, userId);
  }
}

async function callerOf(context: AccountsContext, userId: string): Promise<User> {
  const user = await context.loaders.user.load(userId);
  if (!user) throw new UserNotFound(userId);
  return toUser(user, 'self');
}
