import { Directive, Field, GraphQLISODateTime, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A key with which a program acts for a user.', simpleResolvers: true })
export class ApiKey {
  @Field(() => ID, { description: 'Its id, which is part of the key.' })
  id!: string;

  @Field(() => String, { description: 'How the key begins, to recognise it by.' })
  prefix!: string;

  @Field(() => String, { description: 'What it is for.' })
  name!: string;

  @Field(() => [String], { description: 'What it may do, as far as its user may: <resource type>:<action>.' })
  scopes!: readonly string[];

  @Field(() => GraphQLISODateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it expires.' })
  expiresAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was last used, to the minute; null for one that never was.' })
  lastUsedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was revoked; null for one that was not.' })
  revokedAt!: Date | null;
}

@ObjectType({ description: 'Who an API key speaks for. For the gateway.', simpleResolvers: true })
@Directive('@inaccessible')
export class ApiKeyIdentity {
  @Field(() => ID, { description: 'Whom it acts for.' })
  userId!: string;

  @Field(() => [String], { description: 'What it may do, as far as its user may.' })
  scopes!: readonly string[];

  @Field(() => GraphQLISODateTime, { description: 'When the key was made.' })
  issuedAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it expires.' })
  expiresAt!: Date;
}

@InputType({ description: 'A key to be made.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What it is for; at most 100 characters.' })
  name!: string;

  @Field(() => [String], { description: 'What it may do, 1 to 50: <resource type>:<action>, each of which you may do yourself.' })
  scopes!: string[];

  @Field(() => Int, { nullable: true, description: 'How long it lasts, 1 to 365 days; 90 when left out.' })
  expiresInDays?: number | null;
}

@ObjectType({ description: 'A key that was made.', simpleResolvers: true })
export class CreateApiKeyPayload {
  @Field(() => String, { description: 'The key, shown this once: send it as `Authorization: Bearer …` or `x-api-key`.' })
  key!: string;

  @Field(() => ApiKey, { description: 'What is kept of it.' })
  apiKey!: ApiKey;
}

@ObjectType({ description: 'A key after a change.', simpleResolvers: true })
export class ApiKeyPayload {
  @Field(() => ApiKey, { description: 'The key.' })
  apiKey!: ApiKey;
}
