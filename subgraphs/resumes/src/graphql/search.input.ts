import { ArrayMaxSize, ArrayMinSize, IsIn, Max, MaxLength, Min } from 'class-validator';
import { Field, Float, GraphQLISODateTime, ID, InputType, registerEnumType } from 'type-graphql';
import { limits } from '../domain/resume.js';
import { sectionKinds } from '../domain/understanding/sections.js';
import { Seniority } from './understanding.type.js';

const MAX_SKILLS = 20;
const MAX_SKILL_LENGTH = 100;
const MAX_LANGUAGES = 10;

// Enums hold their own names: defaults in the SDL lose any other internal value when the federated schema is built from it.
export enum ResumeSearchMode {
  SEMANTIC = 'SEMANTIC',
  TEXT = 'TEXT',
  HYBRID = 'HYBRID',
}
registerEnumType(ResumeSearchMode, {
  name: 'ResumeSearchMode',
  description: 'How passages of resumes are compared with the query.',
  valuesConfig: {
    SEMANTIC: { description: 'By cosine similarity of embeddings.' },
    TEXT: { description: 'By the words they share with the query; Chinese is segmented.' },
    HYBRID: { description: 'Both rankings of resumes, fused by reciprocal rank.' },
  },
});

export enum ResumeTextLanguage {
  ZH = 'ZH',
  EN = 'EN',
  MIXED = 'MIXED',
}
registerEnumType(ResumeTextLanguage, {
  name: 'ResumeTextLanguage',
  description: 'What a text is written in.',
  valuesConfig: { ZH: { description: 'Chinese.' }, EN: { description: 'English.' }, MIXED: { description: 'Both.' } },
});

@InputType({
  description: 'Which resumes are searched; every given condition must hold. Most are of what was found in the newest version.',
})
export class ResumeSearchFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this user.' })
  @MaxLength(64)
  userId?: string;

  @Field(() => [String], { nullable: true, description: 'That name all of these skills, each by any of its names (k8s); at most 20.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_SKILLS)
  @MaxLength(MAX_SKILL_LENGTH, { each: true })
  skills?: string[];

  @Field(() => Float, { nullable: true, description: 'With so many years of work or more.' })
  @Min(0)
  @Max(100)
  minYears?: number;

  @Field(() => [Seniority], { nullable: true, description: 'Of one of these ranks.' })
  @ArrayMinSize(1)
  seniority?: Seniority[];

  @Field(() => String, { nullable: true, description: 'Whose language is said to be this one, exactly: as in `resumes`.' })
  @MaxLength(limits.languageLength)
  language?: string;

  @Field(() => ResumeTextLanguage, { nullable: true, description: 'Whose text is written in it.' })
  textLanguage?: ResumeTextLanguage;

  @Field(() => [String], { nullable: true, description: 'Of who speaks all of these, as ISO 639 codes; at most 10.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_LANGUAGES)
  @MaxLength(limits.languageLength, { each: true })
  spokenLanguages?: string[];

  @Field(() => [String], { nullable: true, description: 'Compares only these sections, named as `ResumeSection.kind` does.' })
  @ArrayMinSize(1)
  @IsIn(sectionKinds, { each: true, message: `sections are of: ${sectionKinds.join(', ')}` })
  sections?: string[];

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Changed then or later.' })
  updatedAfter?: Date;
}
