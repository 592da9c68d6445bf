import { Field, GraphQLISODateTime, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: "The caller's second factor.", simpleResolvers: true })
export class SecondFactorStatus {
  @Field(() => Boolean, { description: 'Whether signing in needs a code.' })
  enabled!: boolean;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Since when.' })
  confirmedAt!: Date | null;

  @Field(() => Int, { description: 'Recovery codes that were not used.' })
  recoveryCodesLeft!: number;
}

@InputType({ description: 'Proves that it is the user who asks.' })
export class BeginTotpInput {
  @Field(() => String, { description: 'The password.' })
  password!: string;
}

@InputType({ description: 'A code of the authenticator.' })
export class ConfirmTotpInput {
  @Field(() => String, { description: 'Six digits, as the authenticator shows them now.' })
  code!: string;
}

@InputType({ description: 'A code of the authenticator, or a recovery code.' })
export class SecondFactorCodeInput {
  @Field(() => String, { description: 'Six digits, or a recovery code that was not used.' })
  code!: string;
}

@ObjectType({ description: 'A secret for an authenticator; it counts once confirmTotp has seen a code.', simpleResolvers: true })
export class BeginTotpPayload {
  @Field(() => String, { description: 'The secret in Base32, to type in.' })
  secret!: string;

  @Field(() => String, { description: 'The same as otpauth:// address, to show as QR code.' })
  uri!: string;
}

@ObjectType({ description: 'Recovery codes, shown this once: each signs in once in place of the authenticator.', simpleResolvers: true })
export class RecoveryCodesPayload {
  @Field(() => [String], { description: 'The codes.' })
  recoveryCodes!: readonly string[];
}

@ObjectType({ description: 'The second factor after a change.', simpleResolvers: true })
export class DisableTotpPayload {
  @Field(() => Boolean, { description: 'Whether there was one.' })
  disabled!: boolean;
}
