import { requirePermission } from '@loomgraph/auth';
import { Arg, Ctx, Directive, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { JobFields } from '../../domain/jobs/checked-job.js';
import type { Salary, WorkMode } from '../../domain/jobs/job.js';
import type { JobManagement } from '../../domain/jobs/manage-jobs.js';
import type { ResumesContext } from '../context.js';
import { SUGGESTION_COST } from '../cost.js';
import { requireJob } from './job-access.js';
import { CreateJobInput, UpdateJobInput, type JobSalaryInput } from './job.input.js';
import { Job, type WorkMode as WorkModeMember } from './job.type.js';
import { toJob } from './present-job.js';

@ObjectType({ description: 'A job after a change.', simpleResolvers: true })
export class JobPayload {
  @Field(() => Job, { description: 'The job as committed.' })
  job!: Job;
}

@ObjectType({ description: 'A job that was deleted.', simpleResolvers: true })
export class DeleteJobPayload {
  @Field(() => ID, { description: 'Its id.' })
  deletedId!: string;
}

@Resolver()
export class JobMutations {
  readonly #jobs: JobManagement;

  constructor(deps: { jobs: JobManagement }) {
    this.#jobs = deps.jobs;
  }

  @Directive(SUGGESTION_COST)
  @Mutation(() => JobPayload, {
    description: 'Writes a job of a company, as a draft; for its recruiters, its other roles that may offer jobs, and administrators.',
  })
  async createJob(@Arg('input', () => CreateJobInput) input: CreateJobInput, @Ctx() context: ResumesContext): Promise<JobPayload> {
    const { companyId, companyName, title, description, country = null, city = null, workMode, salary, expiresAt = null } = input;
    const { userId } = await requirePermission(context.authorizer, context.identity, {
      action: 'create',
      resource: { type: 'job', companyId },
    });
    const fields = { companyName, title, description, country, city, expiresAt, workMode: modeOf(workMode), salary: salaryOf(salary) };
    return { job: toJob(await this.#jobs.create(fields, { companyId, userId })) };
  }

  @Directive(SUGGESTION_COST)
  @Mutation(() => JobPayload, { description: 'Changes a job; for who may change jobs of its company, and administrators.' })
  async updateJob(@Arg('input', () => UpdateJobInput) input: UpdateJobInput, @Ctx() context: ResumesContext): Promise<JobPayload> {
    const { id, expectedRevision, salary, workMode, country, city, expiresAt, ...texts } = input;
    await requireJob(context, 'update', id);
    const fields: Partial<JobFields> = {
      ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value != null)),
      ...(country !== undefined && { country }),
      ...(city !== undefined && { city }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(salary !== undefined && { salary: salaryOf(salary) }),
      ...(workMode != null && { workMode: modeOf(workMode) }),
    };
    return { job: toJob(await this.#jobs.update(id, fields, expectedRevision ?? undefined)) };
  }

  @Mutation(() => JobPayload, { description: 'Shows a job to everybody, until it expires; for who may publish jobs of its company.' })
  async publishJob(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<JobPayload> {
    await requireJob(context, 'publish', id);
    return { job: toJob(await this.#jobs.publish(id)) };
  }

  @Mutation(() => JobPayload, { description: 'Takes a job back: only its company sees it then. For who may publish it.' })
  async closeJob(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<JobPayload> {
    await requireJob(context, 'publish', id);
    return { job: toJob(await this.#jobs.close(id)) };
  }

  @Mutation(() => DeleteJobPayload, { description: 'Deletes a job; for who may delete jobs of its company, and administrators.' })
  async deleteJob(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<DeleteJobPayload> {
    await requireJob(context, 'delete', id);
    await this.#jobs.remove(id);
    return { deletedId: id };
  }
}

// Enums of the schema are the domain's names in capitals.
const modeOf = (mode: WorkModeMember): WorkMode => mode.toLowerCase() as WorkMode;
const salaryOf = (salary: JobSalaryInput | null | undefined): Salary | null =>
  salary ? { ...salary, period: salary.period.toLowerCase() as Salary['period'] } : null;
