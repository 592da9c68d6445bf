import { Field, Float, GraphQLISODateTime, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';

export enum UserExportState {
  COLLECTING = 'COLLECTING',
  DONE = 'DONE',
  FAILED = 'FAILED',
}
registerEnumType(UserExportState, {
  name: 'UserExportState',
  description: 'How far an export is.',
  valuesConfig: {
    COLLECTING: { description: 'The subgraphs write their parts.' },
    DONE: { description: 'The file can be fetched.' },
    FAILED: { description: 'A subgraph did not write its part in time: ask for another export.' },
  },
});

@ObjectType({ description: 'All data about a user in one file.', simpleResolvers: true })
export class UserExport {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Field(() => UserExportState, { description: 'How far it is.' })
  state!: UserExportState;

  @Field(() => GraphQLISODateTime, { description: 'When it was asked for.' })
  requestedAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was done, or failed.' })
  finishedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { description: 'When the file is deleted.' })
  expiresAt!: Date;

  @Field(() => Float, { nullable: true, description: 'Size of the file in bytes.' })
  sizeBytes!: number | null;

  @Field(() => String, { nullable: true, description: 'Why it failed, as a code.' })
  errorCode!: string | null;

  /** For the field `downloadUrl`. */
  objectKey!: string | null;
}

@ObjectType({ description: 'An export that was asked for.', simpleResolvers: true })
export class ExportUserDataPayload {
  @Field(() => UserExport, { description: 'Ask for it again with userExport until it is done.' })
  export!: UserExport;
}

@InputType({ description: 'Whom to erase.' })
export class EraseUserInput {
  @Field(() => ID, { nullable: true, description: 'The user; the caller when left out. Others: for administrators.' })
  userId?: string | null;

  @Field(() => String, { nullable: true, description: "The caller's password; needed for one's own account." })
  password?: string | null;
}

@ObjectType({ description: 'Who was erased.', simpleResolvers: true })
export class EraseUserPayload {
  @Field(() => ID, { description: 'The id the user had.' })
  erasedId!: string;
}

@ObjectType({ description: 'An account that may be tried again at once.', simpleResolvers: true })
export class UnlockUserPayload {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;
}
