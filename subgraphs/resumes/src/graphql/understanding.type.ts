import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, GraphQLISODateTime, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum UnderstandingState {
  QUEUED = 'QUEUED',
  DONE = 'DONE',
  NEEDS_OCR = 'NEEDS_OCR',
  FAILED = 'FAILED',
}
registerEnumType(UnderstandingState, {
  name: 'ResumeUnderstandingState',
  description: 'How far the look at a version is.',
  valuesConfig: {
    QUEUED: { description: 'It is waited for.' },
    DONE: { description: 'Its text was read, and what is in it found.' },
    NEEDS_OCR: { description: 'Its pages are pictures: there is no text to read.' },
    FAILED: { description: 'It cannot be read; `reason` says why.' },
  },
});

export enum UnreadableReason {
  ENCRYPTED = 'ENCRYPTED',
  BROKEN = 'BROKEN',
  TOO_COMPLEX = 'TOO_COMPLEX',
  TIMEOUT = 'TIMEOUT',
  INTERNAL = 'INTERNAL',
}
registerEnumType(UnreadableReason, {
  name: 'ResumeUnreadableReason',
  description: 'Why a file cannot be read.',
  valuesConfig: {
    ENCRYPTED: { description: 'It has a password: upload it without.' },
    BROKEN: { description: 'It does not follow its format: export it again.' },
    TOO_COMPLEX: { description: 'It unpacks to far more than a resume has.' },
    TIMEOUT: { description: 'Reading it took too long.' },
    INTERNAL: { description: 'Something failed here: ask for another look with understandResumeVersion.' },
  },
});

export enum Seniority {
  INTERN = 'INTERN',
  JUNIOR = 'JUNIOR',
  MID = 'MID',
  SENIOR = 'SENIOR',
  LEAD = 'LEAD',
  MANAGER = 'MANAGER',
  DIRECTOR = 'DIRECTOR',
  EXECUTIVE = 'EXECUTIVE',
}
registerEnumType(Seniority, {
  name: 'ResumeSeniority',
  description: 'A rank.',
  valuesConfig: {
    INTERN: { description: 'Interns.' },
    JUNIOR: { description: 'The first years.' },
    MID: { description: 'Some years.' },
    SENIOR: { description: 'Many years, or a title that says so.' },
    LEAD: { description: 'Leads the work of others, or its design.' },
    MANAGER: { description: 'Leads people.' },
    DIRECTOR: { description: 'Leads those who lead people.' },
    EXECUTIVE: { description: 'Leads the company, or one of its functions.' },
  },
});

@ObjectType({ description: 'A part of the text, in UTF-16 code units.', simpleResolvers: true })
export class ResumeSpan {
  @Field(() => Int, { description: 'Where it begins.' })
  start!: number;

  @Field(() => Int, { description: 'Where it ends, exclusive.' })
  end!: number;
}

@ObjectType({ description: 'Something that was found in the text.', simpleResolvers: true })
export class ResumeFact {
  @Field(() => String, { description: 'What.' })
  value!: string;

  @Field(() => Float, { description: 'How sure that is, 0 to 1.' })
  confidence!: number;

  @Field(() => [ResumeSpan], { description: 'Where it stands.' })
  spans!: readonly ResumeSpan[];
}

@ObjectType({ description: 'A number that was found in the text.', simpleResolvers: true })
export class ResumeNumber {
  @Field(() => Float, { description: 'How much.' })
  value!: number;

  @Field(() => Float, { description: 'How sure that is, 0 to 1.' })
  confidence!: number;

  @Field(() => [ResumeSpan], { description: 'What it follows from.' })
  spans!: readonly ResumeSpan[];
}

@ObjectType({ description: 'A skill that the text names.', simpleResolvers: true })
export class ResumeSkill {
  @Field(() => String, { description: 'Its usual name, whatever the text calls it.' })
  name!: string;

  @Field(() => String, {
    description: 'What it belongs to: language, frontend, backend, data, ai, cloud, mobile, testing, design, business.',
  })
  group!: string;

  @Field(() => Float, { description: 'How sure that is, 0 to 1: more in a list of skills than in a sentence.' })
  confidence!: number;

  @Field(() => [ResumeSpan], { description: 'Every place it stands in.' })
  spans!: readonly ResumeSpan[];
}

@ObjectType({ description: 'A language somebody speaks.', simpleResolvers: true })
export class ResumeSpokenLanguage {
  @Field(() => String, { description: 'ISO 639 code.' })
  language!: string;

  @Field(() => String, { description: 'How well, as the text says it; may be empty.' })
  fluency!: string;

  @Field(() => Float, { description: 'How sure that is, 0 to 1.' })
  confidence!: number;

  @Field(() => [ResumeSpan], { description: 'Where it stands.' })
  spans!: readonly ResumeSpan[];
}

@ObjectType({ description: 'A position somebody held.', simpleResolvers: true })
export class ResumeWork {
  @Field(() => ResumeFact, { nullable: true, description: 'With whom.' })
  company!: ResumeFact | null;

  @Field(() => ResumeFact, { nullable: true, description: 'As what.' })
  position!: ResumeFact | null;

  @Field(() => String, { description: 'Since when: `2019-03`, or `2019`.' })
  startDate!: string;

  @Field(() => String, { nullable: true, description: 'Until when; null where it goes on.' })
  endDate!: string | null;
}

@ObjectType({ description: 'Where somebody learnt.', simpleResolvers: true })
export class ResumeEducation {
  @Field(() => ResumeFact, { description: 'The institution.' })
  institution!: ResumeFact;

  @Field(() => ResumeFact, { nullable: true, description: 'high-school, associate, bachelor, master or doctor.' })
  degree!: ResumeFact | null;

  @Field(() => ResumeFact, { nullable: true, description: 'What was studied.' })
  area!: ResumeFact | null;

  @Field(() => String, { nullable: true, description: 'Since when.' })
  startDate!: string | null;

  @Field(() => String, { nullable: true, description: 'Until when.' })
  endDate!: string | null;
}

@ObjectType({ description: 'A part of a resume under a heading of its own.', simpleResolvers: true })
export class ResumeSection {
  @Field(() => String, {
    description:
      'header, summary, work, projects, education, skills, languages, certificates, awards, publications, volunteer, interests or references.',
  })
  kind!: string;

  @Field(() => String, { nullable: true, description: 'The heading as it is written; null for what comes before the first.' })
  heading!: string | null;

  @Field(() => Int, { description: 'Where it begins in the text, with its heading.' })
  start!: number;

  @Field(() => Int, { description: 'Where it ends, exclusive.' })
  end!: number;
}

@ObjectType({ description: 'What was found in a version.', simpleResolvers: true })
export class ResumeUnderstanding {
  @Field(() => UnderstandingState, { description: 'How far it is. Everything below is null or empty unless it is done.' })
  state!: UnderstandingState;

  @Field(() => UnreadableReason, { nullable: true, description: 'Why it failed.' })
  reason!: UnreadableReason | null;

  @Field(() => GraphQLISODateTime, { description: 'Since when it is so.' })
  updatedAt!: Date;

  @Field(() => String, { nullable: true, description: 'The text in reading order, one column after the other.' })
  text!: string | null;

  @Field(() => String, { nullable: true, description: 'What the text is written in: zh, en or mixed.' })
  textLanguage!: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'As JSON Resume (https://jsonresume.org/schema). A version that was uploaded as such is answered as it came, unknown fields included.',
  })
  jsonResume!: Record<string, unknown> | null;

  @Field(() => ResumeFact, { nullable: true, description: 'The name of the person.' })
  name!: ResumeFact | null;

  @Field(() => ResumeFact, { nullable: true, description: 'What they call themselves.' })
  label!: ResumeFact | null;

  @Field(() => ResumeFact, { nullable: true, description: 'Their e-mail address.' })
  email!: ResumeFact | null;

  @Field(() => ResumeFact, { nullable: true, description: 'Their telephone number.' })
  phone!: ResumeFact | null;

  @Field(() => ResumeFact, { nullable: true, description: 'Where they live.' })
  location!: ResumeFact | null;

  @Field(() => ResumeNumber, { nullable: true, description: 'Years of work without internships, each month counted once.' })
  yearsOfExperience!: ResumeNumber | null;

  @Field(() => Seniority, { nullable: true, description: 'The rank, by the newest position, else by years.' })
  seniority!: Seniority | null;

  @Field(() => [ResumeSkill], { description: 'Skills, in the order of the text.' })
  skills!: readonly ResumeSkill[];

  @Field(() => [ResumeSpokenLanguage], { description: 'Languages they speak.' })
  languages!: readonly ResumeSpokenLanguage[];

  @Field(() => [ResumeWork], { description: 'Positions, in the order of the text.' })
  work!: readonly ResumeWork[];

  @Field(() => [ResumeEducation], { description: 'Education, in the order of the text.' })
  education!: readonly ResumeEducation[];

  @Field(() => [ResumeSection], { description: 'The parts of the text.' })
  sections!: readonly ResumeSection[];
}
