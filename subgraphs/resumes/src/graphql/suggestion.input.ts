import { Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { Field, GraphQLISODateTime, ID, InputType, Int } from 'type-graphql';
import { limits } from '../domain/resume.js';
import { suggestionLimits } from '../domain/suggestions/suggestion.js';
import { LANGUAGE, languageRule } from './resume.input.js';
import { SuggestionState } from './suggestion.type.js';

@InputType({ description: 'A resume version, and a job that it is to fit.' })
export class RequestResumeSuggestionInput {
  @Field(() => ID, { description: 'The version; the caller must be allowed to read it.' })
  versionId!: string;

  @Field(() => String, { description: 'The title of the job, 1 to 200 characters.' })
  @Length(1, suggestionLimits.jobTitleLength)
  jobTitle!: string;

  // Its length is checked where it is known what is wrong with it.
  @Field(() => String, {
    description: 'What the notice of the job says, in Chinese, English or both; at most 100 kB with the title (JOB_TOO_LONG).',
  })
  jobDescription!: string;

  @Field(() => String, { defaultValue: 'zh', description: 'BCP 47 tag of what to answer in: Chinese for zh, else English.' })
  @Matches(LANGUAGE, { message: languageRule.message.replace('language', 'locale') })
  @MaxLength(limits.languageLength)
  locale!: string;
}

@InputType({ description: 'Which suggestions; every given condition must hold.' })
export class ResumeSuggestionFilterInput {
  @Field(() => ID, { nullable: true, description: 'That this user asked for.' })
  @MaxLength(64)
  userId?: string;

  @Field(() => ID, { nullable: true, description: 'About this resume.' })
  @MaxLength(64)
  resumeId?: string;

  @Field(() => ID, { nullable: true, description: 'About this version.' })
  @MaxLength(64)
  versionId?: string;

  @Field(() => SuggestionState, { nullable: true, description: 'That are so far.' })
  state?: SuggestionState;

  @Field(() => String, { nullable: true, description: 'Part of the title of the job, any case.' })
  @MaxLength(suggestionLimits.jobTitleLength)
  jobTitleContains?: string;

  @Field(() => Int, { nullable: true, description: 'With this score or more.' })
  @Min(0)
  @Max(100)
  minScore?: number;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Asked for then or later.' })
  createdAfter?: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Asked for before.' })
  createdBefore?: Date;
}

@InputType({ description: 'What the caller says of a suggestion.' })
export class GiveSuggestionFeedbackInput {
  @Field(() => ID, { description: 'The suggestion.' })
  suggestionId!: string;

  @Field(() => Boolean, { description: 'Whether it helped.' })
  isHelpful!: boolean;

  @Field(() => String, { defaultValue: '', description: 'What else there is to say; at most 1,000 characters.' })
  @MaxLength(suggestionLimits.commentLength)
  comment!: string;
}
