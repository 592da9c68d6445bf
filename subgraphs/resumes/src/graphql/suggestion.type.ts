import { PageInfo } from '@loomgraph/subgraph-kit';
import { Field, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Suggestion as SuggestionRecord } from '../domain/suggestions/suggestion.js';

export enum SuggestionState {
  QUEUED = 'QUEUED',
  DONE = 'DONE',
  FAILED = 'FAILED',
}
registerEnumType(SuggestionState, {
  name: 'ResumeSuggestionState',
  description: 'How far a suggestion is.',
  valuesConfig: {
    QUEUED: { description: 'It is waited for; the version may still have to be understood.' },
    DONE: { description: 'It is answered.' },
    FAILED: { description: 'There is no answer, and no score; `reason` says why.' },
  },
});

export enum SuggestionFailure {
  NEEDS_OCR = 'NEEDS_OCR',
  ENCRYPTED = 'ENCRYPTED',
  BROKEN = 'BROKEN',
  TOO_COMPLEX = 'TOO_COMPLEX',
  TIMEOUT = 'TIMEOUT',
  NOT_UNDERSTOOD = 'NOT_UNDERSTOOD',
  NOTHING_ASKED = 'NOTHING_ASKED',
  PROVIDER = 'PROVIDER',
  INTERNAL = 'INTERNAL',
}
registerEnumType(SuggestionFailure, {
  name: 'ResumeSuggestionFailure',
  description: 'Why there is no suggestion.',
  valuesConfig: {
    NEEDS_OCR: { description: 'The pages of the version are pictures.' },
    ENCRYPTED: { description: 'The version has a password.' },
    BROKEN: { description: 'The version does not follow its format.' },
    TOO_COMPLEX: { description: 'The version unpacks to far more than a resume has.' },
    TIMEOUT: { description: 'Reading the version took too long.' },
    NOT_UNDERSTOOD: { description: 'The version was not looked at, or not within an hour: have that done with understandResumeVersion.' },
    NOTHING_ASKED: { description: 'The job asks for nothing that can be compared: no skill, years, degree, language or rank.' },
    PROVIDER: { description: 'The language model gave no answer that can be shown, though it was asked several times: ask again later.' },
    INTERNAL: { description: 'Something failed here: ask again.' },
  },
});

@ObjectType({ description: 'What somebody said of a suggestion.', simpleResolvers: true })
export class ResumeSuggestionFeedback {
  @Field(() => Boolean, { description: 'Whether it helped.' })
  isHelpful!: boolean;

  @Field(() => String, { description: 'What else they said; may be empty.' })
  comment!: string;

  @Field(() => GraphQLISODateTime, { description: 'When they said it first.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When they said it last.' })
  updatedAt!: Date;
}

@ObjectType({ description: 'How much the suggestions of one release of an analyser helped.', simpleResolvers: true })
export class ResumeAnalyserFeedback {
  @Field(() => String, { description: 'The analyser: `local` works by rules, `openai` asks a language model.' })
  analyser!: string;

  @Field(() => String, { description: 'Its release; of a language model, which one, and the release of what it is asked.' })
  analyserVersion!: string;

  @Field(() => Int, { description: 'Suggestions that were answered.' })
  suggestions!: number;

  @Field(() => Int, { description: 'How many users said that one helped.' })
  helpful!: number;

  @Field(() => Int, { description: 'How many users said that one did not.' })
  unhelpful!: number;
}

@ObjectType({
  description: 'What was asked about a resume version and a job, and the answer. For who asked, and administrators.',
  simpleResolvers: true,
})
export class ResumeSuggestion {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => ID, { description: 'Id of the user who asked.' })
  userId!: string;

  @Field(() => ID, { description: 'The resume.' })
  resumeId!: string;

  @Field(() => ID, { description: 'The version of it.' })
  versionId!: string;

  @Field(() => String, { description: 'The title of the job.' })
  jobTitle!: string;

  @Field(() => String, { description: 'BCP 47 tag of what the answer is worded in: Chinese for zh, else English.' })
  locale!: string;

  @Field(() => SuggestionState, { description: 'How far it is.' })
  state!: SuggestionState;

  @Field(() => SuggestionFailure, { nullable: true, description: 'Why it failed.' })
  reason!: SuggestionFailure | null;

  @Field(() => Int, { nullable: true, description: '0 to 100; null unless it is done.' })
  score!: number | null;

  @Field(() => String, { nullable: true, description: 'Which analyser answered; null unless it is done.' })
  analyser!: string | null;

  @Field(() => String, { nullable: true, description: 'Which release of it.' })
  analyserVersion!: string | null;

  @Field(() => GraphQLISODateTime, { description: 'When it was asked.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'Since when it is as it is.' })
  updatedAt!: Date;

  /** Not a field: its texts are loaded by it. */
  record!: SuggestionRecord;
}

@ObjectType({ description: 'A suggestion in a list.', simpleResolvers: true })
export class ResumeSuggestionEdge {
  @Field(() => String, { description: 'Give it to `after` or `before`.' })
  cursor!: string;

  @Field(() => ResumeSuggestion, { description: 'The suggestion.' })
  node!: ResumeSuggestion;
}

@ObjectType({ description: 'A page of suggestions.', simpleResolvers: true })
export class ResumeSuggestionConnection {
  @Field(() => [ResumeSuggestionEdge], { description: 'The page, newest first.' })
  edges!: readonly ResumeSuggestionEdge[];

  @Field(() => [ResumeSuggestion], { description: 'The suggestions of the page, without cursors.' })
  nodes!: readonly ResumeSuggestion[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number of suggestions the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}
