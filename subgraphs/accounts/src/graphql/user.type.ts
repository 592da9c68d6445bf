import { PageInfo } from '@loomgraph/subgraph-kit';
import { Directive, Field, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum UserStatus {
  ACTIVE = 'ACTIVE',
  DISABLED = 'DISABLED',
}
registerEnumType(UserStatus, {
  name: 'UserStatus',
  description: 'Whether a user may sign in.',
  valuesConfig: { ACTIVE: { description: 'May sign in.' }, DISABLED: { description: 'May not; an administrator decided so.' } },
});

export enum UserLocale {
  ZH = 'ZH',
  EN = 'EN',
}
registerEnumType(UserLocale, {
  name: 'UserLocale',
  description: 'The language of mails to a user.',
  valuesConfig: { ZH: { description: 'Chinese.' }, EN: { description: 'English.' } },
});

@ObjectType({
  description: 'A person who can sign in. All but id and displayName is shown to the user and to administrators, and is null for others.',
  simpleResolvers: true,
})
@Directive('@key(fields: "id")')
export class User {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name others see, at most 100 characters; null where other subgraphs know an id that has no account, or no longer.',
  })
  displayName!: string | null;

  @Field(() => String, { nullable: true, description: 'The address the user signs in with.' })
  email!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the user has shown that mails to the address reach them.' })
  emailVerified!: boolean | null;

  @Field(() => UserLocale, { nullable: true, description: 'The language of mails to the user.' })
  locale!: UserLocale | null;

  @Field(() => UserStatus, { nullable: true, description: 'Whether the user may sign in.' })
  status!: UserStatus | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When the user registered.' })
  createdAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When the profile or the state last changed.' })
  updatedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When the user last signed in; null for one who never did.' })
  lastLoginAt!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Rises with every change; give it to updateProfile to refuse a change over another one.',
  })
  revision!: number | null;

  /** Whether whoever asks may read the rest; for the field `roles`. */
  mayRead!: boolean;
}

@ObjectType({ description: 'A user in a list.', simpleResolvers: true })
export class UserEdge {
  @Field(() => String, { description: 'Give it to `after` or `before` of the same order.' })
  cursor!: string;

  @Field(() => User, { description: 'The user.' })
  node!: User;
}

@ObjectType({ description: 'A page of users.', simpleResolvers: true })
export class UserConnection {
  @Field(() => [UserEdge], { description: 'The page, in order.' })
  edges!: readonly UserEdge[];

  @Field(() => [User], { description: 'The users of the page, without cursors.' })
  nodes!: readonly User[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  /** Counted when the field is selected: graphql-js calls a function it finds in place of a value. */
  @Field(() => Int, { description: 'Exact number of users the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}

@ObjectType({ description: 'A sign-in on one device.', simpleResolvers: true })
export class Session {
  @Field(() => ID, { description: 'Give it to revokeSession.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The application that signed in, as it calls itself.' })
  client!: string | null;

  @Field(() => [String], { description: 'How the user proved who they are (RFC 8176): pwd, otp, mfa.' })
  authMethods!: readonly string[];

  @Field(() => GraphQLISODateTime, { description: 'When the user signed in.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it was last refreshed.' })
  lastUsedAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it ends unless it is refreshed.' })
  expiresAt!: Date;

  @Field(() => Boolean, { description: 'Whether it is the one that asks.' })
  isCurrent!: boolean;
}
