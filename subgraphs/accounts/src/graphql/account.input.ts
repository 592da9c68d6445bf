import { ArrayMaxSize, Length, Matches, MaxLength } from 'class-validator';
import { Field, GraphQLISODateTime, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { limits } from '../domain/user.js';
import { UserLocale, UserStatus } from './user.type.js';

/** Passwords longer than accepted ones are refused with a message of their own; these bounds only keep nonsense out. */
const MAX_TEXT = 1_000;
const MAX_CLIENT = 100;
/** Names stand in mails, where a line of somebody's own would look like ours. */
const ONE_LINE = /^\P{Cc}*$/u;
const ONE_LINE_ONLY = { message: 'displayName must be one line, without control characters' };

@InputType({ description: 'A new account.' })
export class RegisterInput {
  @Field(() => String, { description: 'The address to sign in with; a mail to it confirms the account.' })
  @MaxLength(MAX_TEXT)
  email!: string;

  @Field(() => String, { description: '10 to 128 characters; not the e-mail address.' })
  @MaxLength(MAX_TEXT)
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name others see, 1 to 100 characters; the part of the address before the @ unless stated.',
  })
  @Length(1, limits.displayNameLength)
  @Matches(ONE_LINE, ONE_LINE_ONLY)
  displayName?: string;

  @Field(() => UserLocale, { nullable: true, description: 'The language of mails; ZH unless stated.' })
  locale?: UserLocale;
}

@InputType({ description: 'What a user signs in with.' })
export class LoginInput {
  @Field(() => String, { description: 'The address of the account.' })
  @MaxLength(MAX_TEXT)
  email!: string;

  @Field(() => String, { description: 'The password.' })
  @MaxLength(MAX_TEXT)
  password!: string;

  @Field(() => String, { nullable: true, description: 'The application that signs in, as the list of sessions shall show it.' })
  @Length(1, MAX_CLIENT)
  client?: string;
}

@InputType({ description: 'The second step of a login.' })
export class CompleteLoginInput {
  @Field(() => String, { description: 'From the first step.' })
  @MaxLength(MAX_TEXT)
  challenge!: string;

  @Field(() => String, { description: 'The current code of the authenticator, or a recovery code.' })
  @MaxLength(MAX_CLIENT)
  code!: string;
}

@InputType({ description: 'A new password for the caller.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The password until now.' })
  @MaxLength(MAX_TEXT)
  currentPassword!: string;

  @Field(() => String, { description: '10 to 128 characters; not the e-mail address.' })
  @MaxLength(MAX_TEXT)
  newPassword!: string;
}

@InputType({ description: 'A new password by the token of a mail.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'The token of the mail.' })
  @MaxLength(MAX_TEXT)
  token!: string;

  @Field(() => String, { description: '10 to 128 characters; not the e-mail address.' })
  @MaxLength(MAX_TEXT)
  newPassword!: string;
}

@InputType({ description: "A change of the caller's profile; what is left out stays." })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: 'The name others see, 1 to 100 characters.' })
  @Length(1, limits.displayNameLength)
  @Matches(ONE_LINE, ONE_LINE_ONLY)
  displayName?: string;

  @Field(() => UserLocale, { nullable: true, description: 'The language of mails.' })
  locale?: UserLocale;

  @Field(() => Int, { nullable: true, description: 'Refuse the change when the user is at another revision.' })
  expectedRevision?: number;
}

export enum UserOrderField {
  CREATED_AT = 'CREATED_AT',
  EMAIL = 'EMAIL',
  DISPLAY_NAME = 'DISPLAY_NAME',
}
registerEnumType(UserOrderField, {
  name: 'UserOrderField',
  description: 'What users are sorted by; ties by id.',
  valuesConfig: {
    CREATED_AT: { description: 'By when they registered.' },
    EMAIL: { description: 'By address.' },
    DISPLAY_NAME: { description: 'By name.' },
  },
});

export enum UserOrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(UserOrderDirection, {
  name: 'UserOrderDirection',
  description: 'Ascending or descending.',
  valuesConfig: { ASC: { description: 'Smallest first.' }, DESC: { description: 'Largest first.' } },
});

@InputType({ description: 'How a list of users is sorted.' })
export class UserOrderInput {
  @Field(() => UserOrderField, { description: 'What to sort by.' })
  field!: UserOrderField;

  @Field(() => UserOrderDirection, { defaultValue: UserOrderDirection.ASC, description: 'Which end first.' })
  direction!: UserOrderDirection;
}

@InputType({ description: 'Which users; every given condition must hold.' })
export class UserFilterInput {
  @Field(() => [ID], { nullable: true, description: 'One of these, at most 100.' })
  @ArrayMaxSize(100)
  ids?: string[];

  @Field(() => String, { nullable: true, description: 'Part of the address or the name, any case.' })
  @MaxLength(limits.emailLength)
  search?: string;

  @Field(() => UserStatus, { nullable: true, description: 'In this state.' })
  status?: UserStatus;

  @Field(() => UserLocale, { nullable: true, description: 'With this language.' })
  locale?: UserLocale;

  @Field(() => Boolean, { nullable: true, description: 'With (true) or without (false) a verified address.' })
  emailVerified?: boolean;

  @Field(() => String, { nullable: true, description: 'Holding this role everywhere.' })
  @MaxLength(64)
  role?: string;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Registered then or later.' })
  createdAfter?: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Registered before.' })
  createdBefore?: Date;
}
