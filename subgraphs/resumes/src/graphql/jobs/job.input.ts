import { SortDirection } from '@loomgraph/subgraph-kit';
import { ArrayMaxSize, Matches, MaxLength } from 'class-validator';
import { Field, GraphQLISODateTime, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { jobLimits } from '../../domain/jobs/job.js';
import { JobStatus, SalaryPeriod, WorkMode } from './job.type.js';

const MAX_IDS = 100;
const COMPANY = /^[\w.:-]{1,64}$/;
const companyRule = { message: 'companyId has 1 to 64 letters, digits, _ . : or -' };
const DESCRIPTION = 'What the notice says, in Chinese, English or both, as text; at most 100 kB with the title (JOB_TOO_LONG).';

@InputType({ description: 'What a job pays, before taxes.' })
export class JobSalaryInput {
  @Field(() => Int, { description: 'The least, in whole units of the currency.' })
  min!: number;

  @Field(() => Int, { description: 'The most, not less.' })
  max!: number;

  @Field(() => String, { description: 'ISO 4217 code: CNY, EUR.' })
  currency!: string;

  @Field(() => SalaryPeriod, { description: 'For how long.' })
  period!: SalaryPeriod;
}

// What a field may hold is checked where it is known what is wrong with it.
@InputType({ description: 'A job.' })
export class CreateJobInput {
  @Field(() => ID, { description: 'The company that offers it; the caller needs a role there that may offer jobs.' })
  @Matches(COMPANY, companyRule)
  companyId!: string;

  @Field(() => String, { description: 'Its name as the notice has it: text without markup, 1 to 200 characters.' })
  companyName!: string;

  @Field(() => String, { description: 'The title: text without markup, 1 to 200 characters.' })
  @MaxLength(jobLimits.titleLength)
  title!: string;

  @Field(() => String, { description: DESCRIPTION })
  description!: string;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 code of two letters: CN, DE.' })
  country?: string | null;

  @Field(() => String, { nullable: true, description: 'The city: text without markup, at most 100 characters.' })
  city?: string | null;

  @Field(() => WorkMode, { defaultValue: WorkMode.ONSITE, description: 'Where the work is done.' })
  workMode!: WorkMode;

  @Field(() => JobSalaryInput, { nullable: true, description: 'What it pays.' })
  salary?: JobSalaryInput | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'From when on it is not offered any more.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'Changes of a job. What is left out stays; null takes away what need not be there.' })
export class UpdateJobInput {
  @Field(() => ID, { description: 'The job.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Refuse unless the job is at this revision.' })
  expectedRevision?: number;

  @Field(() => String, { nullable: true, description: 'Name of the company.' })
  companyName?: string;

  @Field(() => String, { nullable: true, description: 'The title.' })
  @MaxLength(jobLimits.titleLength)
  title?: string;

  @Field(() => String, { nullable: true, description: DESCRIPTION })
  description?: string;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 code of two letters.' })
  country?: string | null;

  @Field(() => String, { nullable: true, description: 'The city.' })
  city?: string | null;

  @Field(() => WorkMode, { nullable: true, description: 'Where the work is done.' })
  workMode?: WorkMode;

  @Field(() => JobSalaryInput, { nullable: true, description: 'What it pays.' })
  salary?: JobSalaryInput | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'From when on it is not offered any more.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'Which jobs; every given condition must hold.' })
export class JobFilterInput {
  @Field(() => [ID], { nullable: true, description: 'One of these, at most 100.' })
  @ArrayMaxSize(MAX_IDS)
  ids?: string[];

  @Field(() => ID, { nullable: true, description: 'Of this company.' })
  @MaxLength(jobLimits.idLength)
  companyId?: string;

  @Field(() => JobStatus, { nullable: true, description: 'That are so far.' })
  status?: JobStatus;

  @Field(() => String, { nullable: true, description: 'Part of the title, any case.' })
  @MaxLength(jobLimits.titleLength)
  titleContains?: string;

  @Field(() => String, { nullable: true, description: 'In this country, ISO 3166-1.' })
  @MaxLength(2)
  country?: string;

  @Field(() => String, { nullable: true, description: 'Part of the name of the city, any case.' })
  @MaxLength(jobLimits.cityLength)
  city?: string;

  @Field(() => WorkMode, { nullable: true, description: 'Whose work is done so.' })
  workMode?: WorkMode;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Changed then or later.' })
  updatedAfter?: Date;
}

export enum JobOrderField {
  TITLE = 'TITLE',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(JobOrderField, {
  name: 'JobOrderField',
  description: 'What jobs are sorted by; ties by id.',
  valuesConfig: {
    TITLE: { description: 'By title, code point by code point.' },
    CREATED_AT: { description: 'By when they were made.' },
    UPDATED_AT: { description: 'By when they were last changed.' },
  },
});

@InputType({ description: 'How a list of jobs is sorted.' })
export class JobOrderInput {
  @Field(() => JobOrderField, { description: 'What to sort by.' })
  field!: JobOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC, description: 'Which end first.' })
  direction!: SortDirection;
}
