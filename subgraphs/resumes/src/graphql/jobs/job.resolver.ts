import { given, PageArgs, pageOf, SortDirection, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { jobCursorTag } from '../../domain/cursor-tags.js';
import { jobStatuses, workModes } from '../../domain/jobs/job.js';
import type { JobOrder, JobReader } from '../../domain/jobs/ports.js';
import { wordedIn, wordings } from '../../domain/suggestions/wording.js';
import { ResumeRequirement } from '../assessment.type.js';
import type { ResumesContext } from '../context.js';
import { PAGE } from '../cost.js';
import { toRequirement } from '../present-suggestion.js';
import { mayChange, readableJob } from './job-access.js';
import { JobFilterInput, JobOrderInput } from './job.input.js';
import { Job, JobConnection } from './job.type.js';
import { toJob } from './present-job.js';

const sortFields = { TITLE: 'title', CREATED_AT: 'createdAt', UPDATED_AT: 'updatedAt' } as const;
const newestFirst: JobOrder = { field: 'createdAt', direction: 'desc' };

@Resolver(() => Job)
export class JobResolver {
  readonly #reader: JobReader;

  constructor(deps: { reader: JobReader }) {
    this.#reader = deps.reader;
  }

  @Query(() => Job, { nullable: true, description: 'A job by id; null where there is none that the caller may see.' })
  async job(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<Job | null> {
    const job = await readableJob(context, id);
    return job && toJob(job);
  }

  @Directive(PAGE)
  @Query(() => JobConnection, {
    description: "Jobs that are published, and those of the caller's companies; newest first unless stated; pages of at most 100.",
  })
  async jobs(
    @Ctx() context: ResumesContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => JobFilterInput, { nullable: true }) filter?: JobFilterInput,
    @Arg('orderBy', () => JobOrderInput, { nullable: true }) orderBy?: JobOrderInput,
  ): Promise<JobConnection> {
    const order: JobOrder = orderBy
      ? { field: sortFields[orderBy.field], direction: orderBy.direction === SortDirection.ASC ? 'asc' : 'desc' }
      : newestFirst;
    const { status, workMode, ...rest } = given(filter);
    const [wantedStatus, wantedMode] = [
      jobStatuses.find((one) => one.toUpperCase() === status),
      workModes.find((one) => one.toUpperCase() === workMode),
    ];
    const visible = { filter: await context.authorizer.filter(context.identity, 'read', 'job'), now: context.now };
    const wanted = { ...rest, ...(wantedStatus && { status: wantedStatus }), ...(wantedMode && { workMode: wantedMode }), visible };
    return toConnection(await this.#reader.listJobs(wanted, order, pageOf(page, jobCursorTag(order))), toJob);
  }

  @FieldResolver(() => String, {
    description: 'What evidence counts in: the title in the first line, then the description, in the form NFKC and without empty lines.',
  })
  async text(@Root() { id, title }: Job, @Ctx() context: ResumesContext): Promise<string> {
    return (await context.loaders.jobContent.load(id))?.text ?? title;
  }

  @FieldResolver(() => [ResumeRequirement], {
    description: 'What was understood of it: skills, years, degree, languages with their level, rank; required things first.',
  })
  async requirements(
    @Root() { id }: Job,
    @Ctx() context: ResumesContext,
    @Arg('locale', () => String, { defaultValue: 'zh', description: 'BCP 47 tag of what to say it in: Chinese for zh, else English.' })
    locale: string,
  ): Promise<readonly ResumeRequirement[]> {
    const words = wordings[wordedIn(locale)];
    const content = await context.loaders.jobContent.load(id);
    return (content?.reading.requirements ?? []).map((one) => toRequirement({ ...one, label: words.label(one.asked) }));
  }

  @FieldResolver(() => ID, { nullable: true, description: 'Id of the user who wrote it; null for who may not change it.' })
  async postedBy(@Root() { record }: Job, @Ctx() context: ResumesContext): Promise<string | null> {
    return (await mayChange(context, record)) ? record.postedBy : null;
  }
}
