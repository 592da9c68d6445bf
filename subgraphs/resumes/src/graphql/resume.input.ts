import { SortDirection } from '@loomgraph/subgraph-kit';
import { ArrayMaxSize, IsInt, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { Field, GraphQLISODateTime, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { limits } from '../domain/resume.js';

const MAX_IDS = 100;
export const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
export const languageRule = { message: 'language is a BCP 47 tag such as zh, en or zh-Hant' };

export enum ResumeOrderField {
  TITLE = 'TITLE',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(ResumeOrderField, {
  name: 'ResumeOrderField',
  description: 'What resumes are sorted by; ties by id.',
  valuesConfig: {
    TITLE: { description: 'By title, code point by code point.' },
    CREATED_AT: { description: 'By when they were made.' },
    UPDATED_AT: { description: 'By when they were last changed.' },
  },
});

@InputType({ description: 'How a list of resumes is sorted.' })
export class ResumeOrderInput {
  @Field(() => ResumeOrderField, { description: 'What to sort by.' })
  field!: ResumeOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC, description: 'Which end first.' })
  direction!: SortDirection;
}

@InputType({ description: 'Which resumes; every given condition must hold.' })
export class ResumeFilterInput {
  @Field(() => [ID], { nullable: true, description: 'One of these, at most 100.' })
  @ArrayMaxSize(MAX_IDS)
  ids?: string[];

  @Field(() => ID, { nullable: true, description: 'Of this user.' })
  userId?: string;

  @Field(() => String, { nullable: true, description: 'Part of the title, any case.' })
  @MaxLength(limits.titleLength)
  titleContains?: string;

  @Field(() => String, { nullable: true, description: 'The language, exactly.' })
  @MaxLength(limits.languageLength)
  language?: string;

  @Field(() => Boolean, { nullable: true, description: 'With a version (true) or without any (false).' })
  hasVersion?: boolean;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Changed then or later.' })
  updatedAfter?: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Changed before.' })
  updatedBefore?: Date;
}

@InputType({ description: 'Which versions; every given condition must hold.' })
export class ResumeVersionFilterInput {
  @Field(() => String, { nullable: true, description: 'The MIME type, exactly.' })
  @MaxLength(100)
  mimeType?: string;

  @Field(() => String, { nullable: true, description: 'Part of the name of the file, any case.' })
  @MaxLength(limits.fileNameBytes)
  fileNameContains?: string;
}

@InputType({ description: 'A new resume.' })
export class CreateResumeInput {
  @Field(() => String, { description: '1 to 200 characters.' })
  @Length(1, limits.titleLength)
  title!: string;

  @Field(() => String, { defaultValue: 'zh', description: 'BCP 47 tag of the language it is written in.' })
  @Matches(LANGUAGE, languageRule)
  @MaxLength(limits.languageLength)
  language!: string;
}

@InputType({ description: 'Changes of a resume; what is left out stays.' })
export class UpdateResumeInput {
  @Field(() => ID, { description: 'The resume.' })
  id!: string;

  @Field(() => String, { nullable: true, description: '1 to 200 characters.' })
  @Length(1, limits.titleLength)
  title?: string;

  @Field(() => String, { nullable: true, description: 'BCP 47 tag of the language it is written in.' })
  @Matches(LANGUAGE, languageRule)
  @MaxLength(limits.languageLength)
  language?: string;

  @Field(() => Int, { nullable: true, description: 'Refuses the change when the resume has moved on from this revision.' })
  @IsInt()
  expectedRevision?: number;
}

@InputType({ description: 'A file that is to become a version.' })
export class RequestResumeUploadInput {
  @Field(() => ID, { description: 'The resume.' })
  resumeId!: string;

  @Field(() => String, {
    description:
      'The name of the file, at most 255 bytes of UTF-8. It ends as its type does: .pdf, .docx, .md, .markdown, .txt, .text or .json.',
  })
  @Length(1, limits.fileNameBytes)
  fileName!: string;

  @Field(() => Int, { description: 'Its size in bytes.' })
  @Min(0)
  @Max(2_147_483_647)
  sizeBytes!: number;

  @Field(() => String, {
    description:
      'Its MIME type: application/pdf, application/vnd.openxmlformats-officedocument.wordprocessingml.document, text/markdown, text/plain, or application/json for JSON Resume.',
  })
  @Length(1, 200)
  mimeType!: string;

  @Field(() => String, { defaultValue: '', description: 'About this version; at most 1,000 characters.' })
  @MaxLength(limits.commentLength)
  comment!: string;
}

@InputType({ description: 'An upload whose file was sent.' })
export class CompleteResumeUploadInput {
  @Field(() => ID, { description: 'The upload.' })
  uploadId!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the file, in hex; what arrived must have the same.' })
  @Matches(/^[0-9a-fA-F]{64}$/, { message: 'sha256 is 64 hexadecimal digits' })
  sha256?: string;
}

@InputType({ description: 'A link that is to show a resume to whoever has it.' })
export class CreateResumeShareLinkInput {
  @Field(() => ID, { description: 'The resume.' })
  resumeId!: string;

  @Field(() => ID, { nullable: true, description: 'The one version to show; else whichever is the newest.' })
  versionId?: string;

  @Field(() => GraphQLISODateTime, { description: 'When it stops working: one minute to one year from now.' })
  expiresAt!: Date;
}

@InputType({ description: 'A resume and a group.' })
export class ResumeGroupInput {
  @Field(() => ID, { description: 'The resume.' })
  resumeId!: string;

  @Field(() => ID, { description: 'The group, of a company or of the installation.' })
  @Length(1, 64)
  groupId!: string;
}
