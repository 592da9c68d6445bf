import { LoomError, type Clock, type ResourceFilter } from '@loomgraph/core';
import type { Job } from '../jobs/job.js';
import type { JobReader } from '../jobs/ports.js';
import type { Reading } from '../jobs/read-posting.js';
import type { ResumeReader } from '../ports.js';
import type { Resume, ResumeVersion } from '../resume.js';
import { assertPage, type SearchResumes } from '../search/search-resumes.js';
import type { UnderstoodResume } from '../suggestions/compare.js';
import { copiesAmong } from './copies.js';
import { NotUnderstood } from './errors.js';
import { gather, MAX_CANDIDATES } from './gather.js';
import { weigh, type Match, type Weighed } from './match.js';
import { compareRanked, type Ranked } from './order.js';
import type { JobSearch } from './ports.js';
import { questionOfJob, questionOfResume } from './question.js';
import { jobMeets, resumeMeets, type JobWishes, type ResumeWishes } from './wishes.js';

interface PageOfAnswer {
  /** BCP 47 tag of what reasons are given in. */
  readonly locale: string;
  /** What scores less is left out. */
  readonly minScore: number;
  readonly limit: number;
  /** Hits before the page. */
  readonly offset: number;
}

export interface JobsRequest extends PageOfAnswer {
  /** The caller may read it. */
  readonly resume: Resume;
  readonly wishes: JobWishes;
}

export interface ResumesRequest extends PageOfAnswer {
  /** The caller may see it. */
  readonly job: Job;
  readonly wishes: ResumeWishes;
  /** Which resumes the caller may read. */
  readonly visible: ResourceFilter;
}

export interface JobHit extends Match {
  readonly job: Job;
}

export interface ResumeHit extends Match {
  readonly resume: Resume;
  /** The one that was compared. */
  readonly version: ResumeVersion;
}

export interface Hits<T> {
  readonly hits: readonly T[];
  readonly hasMore: boolean;
}

/**
 * Recommends by comparison: candidates come from the index, everything else from the record at this moment. The same record has the same answer.
 */
export interface Recommendations {
  /** @throws NotUnderstood; LoomError BAD_USER_INPUT, PAGE_LIMIT_EXCEEDED */
  jobs(request: JobsRequest): Promise<Hits<JobHit> & { readonly version: ResumeVersion }>;
  /** @throws LoomError BAD_USER_INPUT, PAGE_LIMIT_EXCEEDED */
  resumes(request: ResumesRequest): Promise<Hits<ResumeHit>>;
}

export function createRecommendations(deps: {
  readonly reader: ResumeReader & JobReader;
  readonly resumeSearch: Pick<SearchResumes, 'nearest'>;
  readonly jobSearch: JobSearch;
  readonly clock: Clock;
}): Recommendations {
  const { reader, resumeSearch, jobSearch, clock } = deps;

  /** What a version says; undefined where it was not understood, or is gone. */
  const understood = async (versionIds: readonly string[]): Promise<ReadonlyMap<string, UnderstoodResume>> =>
    new Map(
      (await reader.understandingsOf(versionIds)).flatMap(({ versionId, text, analysis }) =>
        text === null || analysis === null ? [] : [[versionId, { name: 'resume', text, analysis }] as const],
      ),
    );

  return {
    async jobs({ resume, wishes, locale, minScore, limit, offset }) {
      assertPage(limit, offset);
      const versionId = (await reader.understoodVersionsOf([resume.id])).get(resume.id);
      const [version] = versionId === undefined ? [] : await reader.versionsByIds([versionId]);
      const source = version && (await understood([version.id])).get(version.id);
      if (!version || !source) throw new NotUnderstood(resume.id);
      const now = clock.now();
      const question = questionOfResume(source);
      const rankings = question === '' ? undefined : await jobSearch.rank(question, wishes, now);
      const candidates = await gather(
        async (depth) => {
          const [semantic = [], text = []] = await Promise.all([rankings?.semantic?.(depth), rankings?.text(depth)]);
          return jobSearch.fuse(semantic, text).map(({ id }) => id);
        },
        async (ids) => {
          const [jobs, readings] = await Promise.all([reader.jobsByIds(ids), reader.readingsOf(ids)]);
          const byId = new Map(jobs.map((job) => [job.id, job]));
          return ids.flatMap((id): { readonly job: Job; readonly reading: Reading }[] => {
            const [job, reading] = [byId.get(id), readings.get(id)];
            return job && reading && jobMeets(wishes, { job, reading, now }) ? [{ job, reading }] : [];
          });
        },
      );
      const copies = copiesAmong(candidates);
      const weighed = candidates.map(({ job, reading }) => ({
        of: { job },
        ...weigh({ resume: source, job, reading, isCopy: copies.has(job.id), locale }),
        rank: { id: job.id, at: job.postedAt ?? job.createdAt },
      }));
      return { ...page(weighed, { minScore, limit, offset }), version };
    },

    async resumes({ job, wishes, visible, locale, minScore, limit, offset }) {
      assertPage(limit, offset);
      const reading = (await reader.readingsOf([job.id])).get(job.id);
      if (!reading) return { hits: [], hasMore: false };
      const { skills, minYears, languages } = wishes;
      const request = {
        text: questionOfJob(job.title, reading),
        filter: {
          ...(skills && { skills }),
          ...(minYears !== undefined && { minYears }),
          ...(languages && { spokenLanguages: languages }),
        },
        visible,
      };
      const weighed = await gather(
        async (depth) => {
          const passages = await resumeSearch.nearest(request, depth);
          return passages.map(({ versionId }) => versionId);
        },
        async (versionIds) => {
          const [sources, versions] = await Promise.all([understood(versionIds), reader.versionsByIds(versionIds)]);
          const resumes = new Map((await reader.resumesByIds(versions.map(({ resumeId }) => resumeId))).map((one) => [one.id, one]));
          const byId = new Map(versions.map((version) => [version.id, version]));
          return versionIds.flatMap((id) => {
            const [source, version] = [sources.get(id), byId.get(id)];
            const resume = version && resumes.get(version.resumeId);
            if (!source || !resume || !resumeMeets(wishes, source.analysis)) return [];
            return [
              {
                of: { resume, version },
                ...weigh({ resume: source, job, reading, isCopy: false, locale }),
                rank: { id: resume.id, at: resume.updatedAt },
              },
            ];
          });
        },
      );
      return page(weighed, { minScore, limit, offset });
    },
  };
}

interface Candidate<T> extends Weighed {
  readonly of: T;
  readonly rank: Pick<Ranked, 'id' | 'at'>;
}

function page<T extends object>(
  candidates: readonly Candidate<T>[],
  { minScore, limit, offset }: Pick<PageOfAnswer, 'minScore' | 'limit' | 'offset'>,
): Hits<T & Match> {
  if (offset > MAX_CANDIDATES)
    throw new LoomError('INVALID_CURSOR', 'This cursor is past the last recommendation; start again without it.');
  const rankOf = ({ rank, score, notes }: Candidate<T>): Ranked => ({ ...rank, score, notes });
  const ordered = candidates.filter(({ score }) => score >= minScore).toSorted((a, b) => compareRanked(rankOf(a), rankOf(b)));
  const shown = ordered.slice(offset, offset + limit);
  return { hits: shown.map(({ of, explain }) => ({ ...of, ...explain() })), hasMore: ordered.length > offset + limit };
}
