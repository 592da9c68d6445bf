import { PageInfo } from '@loomgraph/subgraph-kit';
import { Directive, Field, GraphQLISODateTime, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Job as JobRecord } from '../../domain/jobs/job.js';

export enum JobStatus {
  DRAFT = 'DRAFT',
  PUBLISHED = 'PUBLISHED',
  CLOSED = 'CLOSED',
}
registerEnumType(JobStatus, {
  name: 'JobStatus',
  description: 'How far a job is.',
  valuesConfig: {
    DRAFT: { description: 'It is being written: for its company.' },
    PUBLISHED: { description: 'Everybody sees it, until it expires.' },
    CLOSED: { description: 'It was taken back, or is taken: for its company.' },
  },
});

export enum WorkMode {
  ONSITE = 'ONSITE',
  HYBRID = 'HYBRID',
  REMOTE = 'REMOTE',
}
registerEnumType(WorkMode, {
  name: 'JobWorkMode',
  description: 'Where the work is done.',
  valuesConfig: {
    ONSITE: { description: 'At the place of the job.' },
    HYBRID: { description: 'There on some days.' },
    REMOTE: { description: 'Anywhere.' },
  },
});

export enum SalaryPeriod {
  HOUR = 'HOUR',
  DAY = 'DAY',
  MONTH = 'MONTH',
  YEAR = 'YEAR',
}
registerEnumType(SalaryPeriod, {
  name: 'JobSalaryPeriod',
  description: 'What a salary is paid for. They are compared as full-time work: 2,080 hours, 260 days, 12 months a year.',
  valuesConfig: {
    HOUR: { description: 'An hour.' },
    DAY: { description: 'A day.' },
    MONTH: { description: 'A month.' },
    YEAR: { description: 'A year.' },
  },
});

@ObjectType({ description: 'What a job pays, before taxes.', simpleResolvers: true })
export class JobSalary {
  @Field(() => Int, { description: 'The least, in whole units of the currency.' })
  min!: number;

  @Field(() => Int, { description: 'The most, in whole units of the currency.' })
  max!: number;

  @Field(() => String, { description: 'ISO 4217 code.' })
  currency!: string;

  @Field(() => SalaryPeriod, { description: 'For how long.' })
  period!: SalaryPeriod;
}

@ObjectType({
  description: 'A job that a company offers. Everybody sees those that are published and have not expired.',
  simpleResolvers: true,
})
@Directive('@key(fields: "id")')
export class Job {
  @Field(() => ID, { description: 'Stable id.' })
  id!: string;

  @Field(() => ID, { description: 'Id of the company that offers it.' })
  companyId!: string;

  @Field(() => String, { description: 'Name of the company, as the notice has it.' })
  companyName!: string;

  @Field(() => String, { description: 'The title, at most 200 characters, in the form NFKC.' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 code of two letters; null where it is not said.' })
  country!: string | null;

  @Field(() => String, { nullable: true, description: 'The city; null where it is not said.' })
  city!: string | null;

  @Field(() => WorkMode, { description: 'Where the work is done.' })
  workMode!: WorkMode;

  @Field(() => JobSalary, { nullable: true, description: 'What it pays; null where it is not said.' })
  salary!: JobSalary | null;

  @Field(() => JobStatus, { description: 'How far it is.' })
  status!: JobStatus;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was published first; publishing it again makes it no newer.' })
  postedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'From when on it is not offered any more; null for no end.' })
  expiresAt!: Date | null;

  @Field(() => GraphQLISODateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it was last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Rises by one with every committed change.' })
  revision!: number;

  /** Not a field. */
  record!: JobRecord;
}

@ObjectType({ description: 'A job in a list.', simpleResolvers: true })
export class JobEdge {
  @Field(() => String, { description: 'Give it to `after` or `before` of the same order.' })
  cursor!: string;

  @Field(() => Job, { description: 'The job.' })
  node!: Job;
}

@ObjectType({ description: 'A page of jobs.', simpleResolvers: true })
export class JobConnection {
  @Field(() => [JobEdge], { description: 'The page, in order.' })
  edges!: readonly JobEdge[];

  @Field(() => [Job], { description: 'The jobs of the page, without cursors.' })
  nodes!: readonly Job[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Exact number of jobs the filter matches; costs a count when asked for.' })
  totalCount!: number | (() => Promise<number>);
}
