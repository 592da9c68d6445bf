import { createUnionType, Field, GraphQLISODateTime, ID, Int, ObjectType } from 'type-graphql';
import { User } from './user.type.js';

@ObjectType({ description: 'Who has signed in, and the tokens of the session.', simpleResolvers: true })
export class LoginPayload {
  @Field(() => String, { description: 'Send it as `Authorization: Bearer …` with every request.' })
  accessToken!: string;

  @Field(() => GraphQLISODateTime, { description: 'When the access token expires: refresh before.' })
  accessTokenExpiresAt!: Date;

  @Field(() => String, { description: 'Good for one refresh, which yields the next one. Keep it secret.' })
  refreshToken!: string;

  @Field(() => GraphQLISODateTime, { description: 'When the session ends unless it is refreshed.' })
  refreshTokenExpiresAt!: Date;

  @Field(() => ID, { description: 'The session.' })
  sessionId!: string;

  /** For the field `user`. */
  userId!: string;
}

@ObjectType({ description: 'The password was right, and the user has a second factor: call completeLogin.', simpleResolvers: true })
export class SecondFactorRequired {
  @Field(() => String, { description: 'Give it to completeLogin together with a code; good for a few minutes and five codes.' })
  challenge!: string;

  @Field(() => GraphQLISODateTime, { description: 'When the challenge expires.' })
  expiresAt!: Date;
}

export const LoginResult = createUnionType({
  name: 'LoginResult',
  description: 'The tokens, or what is still missing.',
  types: () => [LoginPayload, SecondFactorRequired] as const,
  resolveType: (value) => ('challenge' in value ? SecondFactorRequired : LoginPayload),
});

@ObjectType({ description: 'Where a mail is on its way to; the same for an address that gets none.', simpleResolvers: true })
export class MailPayload {
  @Field(() => String, { description: 'The address as it is kept.' })
  email!: string;
}

@ObjectType({ description: 'A user after a change.', simpleResolvers: true })
export class UserPayload {
  @Field(() => User, { description: 'The user as committed.' })
  user!: User;
}

@ObjectType({ description: 'What a logout did.', simpleResolvers: true })
export class LogoutPayload {
  @Field(() => Int, { description: 'Sessions that were ended.' })
  endedSessions!: number;
}

@ObjectType({ description: 'The session that was ended.', simpleResolvers: true })
export class RevokeSessionPayload {
  @Field(() => ID, { description: 'Its id.' })
  revokedId!: string;
}

@ObjectType({ description: 'Which key signs access tokens now.', simpleResolvers: true })
export class RotateSigningKeysPayload {
  @Field(() => String, { description: 'Its id (`kid`); the key before it verifies until the last token it signed has expired.' })
  keyId!: string;
}
