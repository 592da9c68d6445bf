import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum RequirementKind {
  SKILL = 'SKILL',
  YEARS = 'YEARS',
  DEGREE = 'DEGREE',
  LANGUAGE = 'LANGUAGE',
  SENIORITY = 'SENIORITY',
}
registerEnumType(RequirementKind, {
  name: 'ResumeRequirementKind',
  description: 'What a job can ask for.',
  valuesConfig: {
    SKILL: { description: 'A skill, or one of several.' },
    YEARS: { description: 'Years of work.' },
    DEGREE: { description: 'A degree, or a higher one.' },
    LANGUAGE: { description: 'A spoken language.' },
    SENIORITY: { description: 'The rank that the title names.' },
  },
});

export enum RequirementImportance {
  REQUIRED = 'REQUIRED',
  PREFERRED = 'PREFERRED',
}
registerEnumType(RequirementImportance, {
  name: 'ResumeRequirementImportance',
  description: 'How much a job asks for something.',
  valuesConfig: { REQUIRED: { description: 'It is needed.' }, PREFERRED: { description: 'It is a plus; it counts a third.' } },
});

export enum EvidenceSource {
  RESUME = 'RESUME',
  JOB = 'JOB',
}
registerEnumType(EvidenceSource, {
  name: 'ResumeEvidenceSource',
  description: 'Which text is quoted.',
  valuesConfig: {
    RESUME: { description: '`text` of the understanding of the version, as it was then.' },
    JOB: { description: '`jobText` of the suggestion, or `text` of the job.' },
  },
});

export enum AdviceKind {
  ADD = 'ADD',
  SHOW = 'SHOW',
  RAISE = 'RAISE',
  DATE = 'DATE',
}
registerEnumType(AdviceKind, {
  name: 'ResumeAdviceKind',
  description: 'What to do.',
  valuesConfig: {
    ADD: { description: 'Name what the resume does not name.' },
    SHOW: { description: 'Show where something was used that is only listed.' },
    RAISE: { description: 'Come closer to what is asked for.' },
    DATE: { description: 'Say since when, and until when.' },
  },
});

@ObjectType({ description: 'A place in a text, with its words.', simpleResolvers: true })
export class ResumeEvidence {
  @Field(() => EvidenceSource, { description: 'Which text.' })
  source!: EvidenceSource;

  @Field(() => Int, { description: 'Where it begins, in UTF-16 code units.' })
  start!: number;

  @Field(() => Int, { description: 'Where it ends, exclusive.' })
  end!: number;

  @Field(() => String, { description: 'The words.' })
  quote!: string;
}

@ObjectType({ description: 'Something a job asks for.', simpleResolvers: true })
export class ResumeRequirement {
  @Field(() => RequirementKind, { description: 'What kind of thing.' })
  kind!: RequirementKind;

  @Field(() => RequirementImportance, { description: 'How much.' })
  importance!: RequirementImportance;

  @Field(() => String, { description: 'What, in words of the locale that was asked for.' })
  label!: string;

  @Field(() => [ResumeEvidence], { description: 'Where the job asks for it; never empty.' })
  evidence!: readonly ResumeEvidence[];
}

@ObjectType({ description: 'A requirement that the resume fulfils, wholly or in part.', simpleResolvers: true })
export class ResumeMatch {
  @Field(() => ResumeRequirement, { description: 'The requirement.' })
  requirement!: ResumeRequirement;

  @Field(() => Float, { description: 'How far: above 0, at most 1.' })
  share!: number;

  @Field(() => [ResumeEvidence], { description: 'Where the resume says so; never empty.' })
  evidence!: readonly ResumeEvidence[];
}

@ObjectType({ description: 'A part of the score. Parts that the job asks nothing of are left out.', simpleResolvers: true })
export class ResumeSubScore {
  @Field(() => String, { description: 'skills, experience, seniority, education or languages.' })
  dimension!: string;

  @Field(() => Int, { description: '0 to 100.' })
  score!: number;

  @Field(() => Int, { description: 'Of the whole, in percent.' })
  weight!: number;

  @Field(() => String, { description: 'How it came about.' })
  explanation!: string;
}

@ObjectType({ description: 'Something that would make the resume fit better.', simpleResolvers: true })
export class ResumeAdvice {
  @Field(() => AdviceKind, { description: 'What to do.' })
  kind!: AdviceKind;

  @Field(() => String, { description: 'In words of the locale that was asked for.' })
  text!: string;

  @Field(() => [ResumeEvidence], { description: 'What of the job or the resume it is about; never empty.' })
  evidence!: readonly ResumeEvidence[];
}

@ObjectType({ description: 'How a resume fits a job. Every claim has its places in the texts.', simpleResolvers: true })
export class ResumeAssessment {
  @Field(() => Int, { description: '0 to 100.' })
  score!: number;

  @Field(() => String, { description: 'How the score comes from its parts.' })
  explanation!: string;

  @Field(() => [ResumeSubScore], { description: 'The parts, the heaviest first.' })
  subScores!: readonly ResumeSubScore[];

  @Field(() => [ResumeMatch], { description: 'What fits, required things first.' })
  matched!: readonly ResumeMatch[];

  @Field(() => [ResumeRequirement], { description: 'What the resume does not fulfil, not even in part; required things first.' })
  missing!: readonly ResumeRequirement[];

  @Field(() => [ResumeAdvice], { description: 'What to do, what lifts the score most first.' })
  advice!: readonly ResumeAdvice[];
}
