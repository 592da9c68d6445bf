import { postingOf } from '../../../test/support/postings.js';
import { ENGLISH_RESUME, resumeOf } from '../../../test/support/suggestion-texts.js';
import type { Job } from '../jobs/job.js';
import type { JobReader } from '../jobs/ports.js';
import type { ResumeReader } from '../ports.js';
import { createRecommendations } from './recommend.js';

/** As the reader and the index of a record with these postings answer. */
function recommendationsOf(postings: readonly ReturnType<typeof postingOf>[]) {
  const { text, analysis } = resumeOf(ENGLISH_RESUME);
  const reader: Partial<ResumeReader & JobReader> = {
    understoodVersionsOf: () => Promise.resolve(new Map([['r', 'v']])),
    versionsByIds: () => Promise.resolve([{ id: 'v', resumeId: 'r' } as never]),
    understandingsOf: () => Promise.resolve([{ versionId: 'v', text, analysis } as never]),
    jobsByIds: (ids) => Promise.resolve(postings.map(({ job }) => job).filter(({ id }) => ids.includes(id))),
    readingsOf: (ids) =>
      Promise.resolve(new Map(postings.filter(({ job }) => ids.includes(job.id)).map(({ job, reading }) => [job.id, reading]))),
  };
  const hits = (limit: number) => Promise.resolve(postings.slice(0, limit).map(({ job }) => ({ id: job.id, score: 1 })));
  return createRecommendations({
    reader: reader as ResumeReader & JobReader, // what is not there is not asked
    resumeSearch: { nearest: () => Promise.resolve([]) },
    jobSearch: { rank: () => Promise.resolve({ semantic: undefined, text: hits }), fuse: (_, found) => found },
    clock: { now: () => new Date('2026-06-01T00:00:00Z') },
  });
}

const TEXTS = [
  'Senior Java Engineer\nRequirements\nJava, Kafka, PostgreSQL',
  'Java Engineer\nRequirements\nJava, Kafka, Kubernetes',
  'Engineer\nRequirements\nJava, Terraform, Ansible, Jenkins',
  'Engineer\nRequirements\nGo, Docker, Redis',
  'Nurse\nRequirements\nFluent French required, a degree in nursing',
  'Great chance\nJava. Add me on Telegram: @quickjobs',
  'Engineer\nStart today.',
];

describe('R5 jobs for a resume', () => {
  const ask = async (jobs: readonly Partial<Job>[], limit = 100, offset = 0) => {
    const postings = jobs.map((job, n) =>
      postingOf(TEXTS[n % TEXTS.length] ?? '', { id: `job${n}`, postedBy: `p${n}`, companyId: `c${n}`, ...job }),
    );
    const request = { resume: { id: 'r' } as never, wishes: {}, locale: 'en', minScore: 0, limit, offset };
    return recommendationsOf(postings).jobs(request);
  };

  it('come in one order whatever their dates, where their scores differ; where they do not, the newer first', async () => {
    let state = 11;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const { hits } = await ask(Array.from({ length: 21 }, () => ({})));
    const scoreOf = new Map(hits.map(({ job, score }) => [job.id, score]));
    expect(new Set(scoreOf.values()).size).toBeGreaterThanOrEqual(5);
    for (let round = 0; round < 50; round += 1) {
      const dated = await ask(Array.from({ length: 21 }, () => ({ postedAt: new Date(Math.floor(random() * 1_800_000_000_000)) })));
      // Dates change no score, and so no order between scores.
      expect(dated.hits.map(({ job, score }) => score - (scoreOf.get(job.id) ?? NaN))).toEqual(Array(21).fill(0));
      expect(dated.hits.map(({ score }) => score)).toEqual([...scoreOf.values()]);
      for (const [n, hit] of dated.hits.entries()) {
        const next = dated.hits[n + 1];
        const isJunk = (one: typeof hit) => one.notes.some(({ cap }) => cap === 5);
        if (next && next.score === hit.score && isJunk(next) === isJunk(hit))
          expect(hit.job.postedAt!.getTime()).toBeGreaterThanOrEqual(next.job.postedAt!.getTime());
      }
    }
  });

  it('pages are the answer in parts, and junk is in the last', async () => {
    const whole = (await ask(Array.from({ length: 21 }, () => ({})))).hits.map(({ job }) => job.id);
    const parts: string[] = [];
    for (const offset of [0, 8, 16]) {
      const { hits, hasMore } = await ask(
        Array.from({ length: 21 }, () => ({})),
        8,
        offset,
      );
      expect(hasMore).toBe(offset < 16);
      parts.push(...hits.map(({ job }) => job.id));
    }
    expect(parts).toEqual(whole);
    const junk = ['job5', 'job6', 'job12', 'job13', 'job19', 'job20'];
    const others = whole.filter((id) => !junk.includes(id));
    // A nurse is no better for an engineer than junk.
    expect(whole.slice(0, 12)).toEqual(others.slice(0, 12));
  });

  it('what scores less than was asked for is left out', async () => {
    const postings = TEXTS.map(() => ({}));
    const { hits } = await ask(postings);
    const request = { resume: { id: 'r' } as never, wishes: {}, locale: 'en', minScore: 50, limit: 100, offset: 0 };
    const best = await recommendationsOf(
      TEXTS.map((text, n) => postingOf(text, { id: `job${n}`, postedBy: `p${n}`, companyId: `c${n}` })),
    ).jobs(request);
    expect(best.hits.map(({ job }) => job.id)).toEqual(hits.filter(({ score }) => score >= 50).map(({ job }) => job.id));
    expect(best.hits.length).toBeLessThan(hits.length);
  });
});
