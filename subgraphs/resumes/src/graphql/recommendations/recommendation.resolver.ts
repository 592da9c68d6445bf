import { requireIdentity } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { given } from '@loomgraph/subgraph-kit';
import { Max, MaxLength, Min, Matches } from 'class-validator';
import { Arg, Args, ArgsType, Ctx, Directive, Field, ID, Int, Query, Resolver } from 'type-graphql';
import { ResumeNotFound } from '../../domain/errors.js';
import { JobNotFound } from '../../domain/jobs/errors.js';
import { workModes as domainModes, type SalaryPeriod, type WorkMode } from '../../domain/jobs/job.js';
import type { Place } from '../../domain/jobs/place.js';
import type { Match } from '../../domain/recommendations/match.js';
import type { Recommendations } from '../../domain/recommendations/recommend.js';
import type { JobWishes, ResumeWishes } from '../../domain/recommendations/wishes.js';
import { limits } from '../../domain/resume.js';
import { readableResume } from '../access.js';
import type { ResumesContext } from '../context.js';
import { HITS, RECOMMENDATION_COST } from '../cost.js';
import { readableJob } from '../jobs/job-access.js';
import { toJob } from '../jobs/present-job.js';
import { offsetPages } from '../offset-cursor.js';
import { member, toResume, toResumeVersion } from '../present.js';
import { toAssessment, toEvidence } from '../present-suggestion.js';
import { projectionsOf } from '../projections-of.js';
import { LANGUAGE, languageRule } from '../resume.input.js';
import { JobWishesInput, ResumeWishesInput, type RecommendationPlaceInput } from './recommendation.input.js';
import { JobRecommendations, RecommendationNoteKind, ResumeRecommendations } from './recommendation.type.js';

@ArgsType()
export class RecommendationArgs {
  @Field(() => String, { defaultValue: 'zh', description: 'BCP 47 tag of what reasons are given in: Chinese for zh, else English.' })
  @Matches(LANGUAGE, { message: languageRule.message.replace('language', 'locale') })
  @MaxLength(limits.languageLength)
  locale!: string;

  @Field(() => Int, { defaultValue: 1, description: 'What scores less is left out; 0 to 100.' })
  @Min(0)
  @Max(100)
  minScore!: number;

  @Field(() => Int, { defaultValue: 10, description: 'At most 100.' })
  first!: number;

  @Field(() => String, { nullable: true, description: '`pageInfo.endCursor` of the page before, of the same question.' })
  after?: string;
}

@Resolver()
export class RecommendationResolver {
  readonly #recommendations: Recommendations;

  constructor(deps: { recommendations: Recommendations }) {
    this.#recommendations = deps.recommendations;
  }

  @Directive(RECOMMENDATION_COST)
  @Directive(HITS)
  @Query(() => JobRecommendations, { description: 'Jobs that are open and fit a resume, with reasons; for whoever may read the resume.' })
  async recommendJobs(
    @Ctx() context: ResumesContext,
    @Arg('resumeId', () => ID) resumeId: string,
    @Arg('wishes', () => JobWishesInput, { nullable: true }) wanted: JobWishesInput | undefined,
    @Args(() => RecommendationArgs) { locale, minScore, first, after }: RecommendationArgs,
  ): Promise<JobRecommendations> {
    requireIdentity(context.identity);
    const wishes = jobWishes(wanted);
    const pages = offsetPages(['jobs', resumeId, wishes, minScore], after);
    const waiting = context.sync?.caughtUp(projectionsOf.jobs);
    if (waiting) await waiting;
    const resume = await readableResume(context, resumeId);
    if (!resume) throw new ResumeNotFound(resumeId);
    const { hits, hasMore, version } = await this.#recommendations.jobs({
      resume,
      wishes,
      locale,
      minScore,
      limit: first,
      offset: pages.offset,
    });
    return {
      hits: hits.map((hit) => ({ job: toJob(hit.job), ...toMatch(hit) })),
      version: toResumeVersion(version),
      pageInfo: pages.pageInfo({ hits, hasMore, first }),
    };
  }

  @Directive(RECOMMENDATION_COST)
  @Directive(HITS)
  @Query(() => ResumeRecommendations, { description: 'Resumes that fit a job, with reasons: of those that the caller may read.' })
  async recommendResumes(
    @Ctx() context: ResumesContext,
    @Arg('jobId', () => ID) jobId: string,
    @Arg('wishes', () => ResumeWishesInput, { nullable: true }) wanted: ResumeWishesInput | undefined,
    @Args(() => RecommendationArgs) { locale, minScore, first, after }: RecommendationArgs,
  ): Promise<ResumeRecommendations> {
    const identity = requireIdentity(context.identity);
    const wishes = resumeWishes(wanted);
    const pages = offsetPages(['resumes', jobId, wishes, minScore], after);
    const waiting = context.sync?.caughtUp(projectionsOf.search);
    if (waiting) await waiting;
    const job = await readableJob(context, jobId);
    if (!job) throw new JobNotFound(jobId);
    const visible = await context.authorizer.filter(identity, 'read', 'resume');
    const { hits, hasMore } = await this.#recommendations.resumes({
      job,
      wishes,
      visible,
      locale,
      minScore,
      limit: first,
      offset: pages.offset,
    });
    return {
      hits: hits.map((hit) => ({ resume: toResume(hit.resume), version: toResumeVersion(hit.version), ...toMatch(hit) })),
      pageInfo: pages.pageInfo({ hits, hasMore, first }),
    };
  }
}

const toMatch = ({ score, assessment, notes }: Match) => ({
  score,
  assessment: toAssessment(assessment),
  notes: notes.map(({ kind, text, cap, evidence }) => ({
    kind: member(RecommendationNoteKind, kind),
    text,
    cap,
    evidence: toEvidence(evidence),
  })),
});

/** @throws LoomError BAD_USER_INPUT for a place that is none */
function place({ country, city }: RecommendationPlaceInput): Place {
  if (country == null && !city?.trim()) throw new LoomError('BAD_USER_INPUT', 'A location needs a country, a city, or both.');
  return { country: country ?? null, city: city?.trim() || null };
}

// Enums of the schema are the domain's names in capitals.
function jobWishes(input: JobWishesInput | undefined): JobWishes {
  const { remoteOnly, workModes, location, minSalary, ...rest } = given(input);
  const modes = (workModes?.map((mode) => mode.toLowerCase()) ?? domainModes) as readonly WorkMode[];
  return {
    ...rest,
    ...((workModes || remoteOnly) && { workModes: remoteOnly ? modes.filter((mode) => mode === 'remote') : modes }),
    ...(location && { location: place(location) }),
    ...(minSalary && { minSalary: { ...minSalary, period: minSalary.period.toLowerCase() as SalaryPeriod } }),
  };
}

function resumeWishes(input: ResumeWishesInput | undefined): ResumeWishes {
  const { location, ...rest } = given(input);
  return { ...rest, ...(location && { location: place(location) }) };
}
