import { PageInfo } from '@loomgraph/subgraph-kit';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ResumeAssessment, ResumeEvidence } from '../assessment.type.js';
import { Job } from '../jobs/job.type.js';
import { Resume, ResumeVersion } from '../resume.type.js';

export enum RecommendationNoteKind {
  SAME_PLACE = 'SAME_PLACE',
  ELSEWHERE = 'ELSEWHERE',
  LANGUAGE = 'LANGUAGE',
  DUPLICATE = 'DUPLICATE',
  NOTHING_ASKED = 'NOTHING_ASKED',
  STUFFED = 'STUFFED',
  REPEATED = 'REPEATED',
  SHOUTING = 'SHOUTING',
  CHAT_CONTACT = 'CHAT_CONTACT',
}
registerEnumType(RecommendationNoteKind, {
  name: 'RecommendationNoteKind',
  description: 'What a note is about.',
  valuesConfig: {
    SAME_PLACE: { description: 'The job and the person are in one place.' },
    ELSEWHERE: { description: 'The work is done in another place than the person is in.' },
    LANGUAGE: { description: 'A language is required that the resume does not show.' },
    DUPLICATE: { description: 'Junk: the same text was posted before by the same company or person.' },
    NOTHING_ASKED: { description: 'Junk: beside its title the posting asks for nothing.' },
    STUFFED: { description: 'Junk: names of skills in very little text.' },
    REPEATED: { description: 'Junk: one word over and over.' },
    SHOUTING: { description: 'Junk: capitals throughout.' },
    CHAT_CONTACT: { description: 'Junk: wants to be reached by a chat outside.' },
  },
});

@ObjectType({ description: 'What decided beside the assessment how far up something stands.', simpleResolvers: true })
export class RecommendationNote {
  @Field(() => RecommendationNoteKind, { description: 'What it is about.' })
  kind!: RecommendationNoteKind;

  @Field(() => String, { description: 'In words of the locale that was asked for.' })
  text!: string;

  @Field(() => Int, { nullable: true, description: 'The score is at most this; null where it limits nothing.' })
  cap!: number | null;

  @Field(() => [ResumeEvidence], { description: 'Where the texts say so; never empty.' })
  evidence!: readonly ResumeEvidence[];
}

@ObjectType({ description: 'A job that fits a resume.', simpleResolvers: true })
export class JobRecommendation {
  @Field(() => Job, { description: 'The job as it is now.' })
  job!: Job;

  @Field(() => Int, { description: '0 to 100: the score of the assessment, and no more than a note allows.' })
  score!: number;

  @Field(() => ResumeAssessment, {
    description: 'How the resume fits it: parts of the score, what fits and what is missing, with the words.',
  })
  assessment!: ResumeAssessment;

  @Field(() => [RecommendationNote], { description: 'What else decided.' })
  notes!: readonly RecommendationNote[];
}

@ObjectType({ description: 'Jobs for a resume, best first; of equal scores the newer first, then by id.', simpleResolvers: true })
export class JobRecommendations {
  @Field(() => [JobRecommendation], { description: 'At most `first`.' })
  hits!: readonly JobRecommendation[];

  @Field(() => ResumeVersion, { description: 'The version that was compared: the newest that is understood.' })
  version!: ResumeVersion;

  @Field(() => PageInfo, { description: 'Where the page stands; 200 candidates are compared at most.' })
  pageInfo!: PageInfo;
}

@ObjectType({ description: 'A resume that fits a job.', simpleResolvers: true })
export class ResumeRecommendation {
  @Field(() => Resume, { description: 'The resume as it is now.' })
  resume!: Resume;

  @Field(() => ResumeVersion, { description: 'The version that was compared: the newest that is understood.' })
  version!: ResumeVersion;

  @Field(() => Int, { description: '0 to 100: the score of the assessment, and no more than a note allows.' })
  score!: number;

  @Field(() => ResumeAssessment, { description: 'How it fits the job: parts of the score, what fits and what is missing, with the words.' })
  assessment!: ResumeAssessment;

  @Field(() => [RecommendationNote], { description: 'What else decided.' })
  notes!: readonly RecommendationNote[];
}

@ObjectType({ description: 'Resumes for a job, best first; of equal scores the last changed first, then by id.', simpleResolvers: true })
export class ResumeRecommendations {
  @Field(() => [ResumeRecommendation], { description: 'At most `first`.' })
  hits!: readonly ResumeRecommendation[];

  @Field(() => PageInfo, { description: 'Where the page stands; 200 candidates are compared at most.' })
  pageInfo!: PageInfo;
}
