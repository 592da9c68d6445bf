import { readFile } from 'node:fs/promises';

export interface Text {
  readonly id: string;
  readonly text: string;
}

/** One part of the data: every resume of it is graded against every job of it. */
export interface GradedPairs {
  readonly jobs: readonly Text[];
  readonly resumes: readonly Text[];
  /** How well they match: 1 not at all, 2 weakly, 3 in part, 4 well, 5 strongly. */
  gradeOf(resumeId: string, jobId: string): number;
}

export const gradedParts = ['tuning', 'held-out'] as const;
export type GradedPart = (typeof gradedParts)[number];

interface Stored {
  readonly jobs: readonly Text[];
  /** Grades in the order of the jobs. */
  readonly resumes: readonly (Text & { readonly grades: readonly number[] })[];
}

const FILE = new URL('data/graded-pairs.json', import.meta.url);

/**
 * The pairs in two parts that share neither a resume nor a job, so that nothing which the rules learnt from one helps with the other. By number alone:
 * two of five resumes and two of five jobs are for tuning, three of five and three of five are held out, the pairs across are not used.
 */
export async function loadGradedPairs(): Promise<Readonly<Record<GradedPart, GradedPairs>>> {
  const { jobs, resumes } = JSON.parse(await readFile(FILE, 'utf8')) as Stored;
  const places = new Map(jobs.map(({ id }, place) => [id, place]));
  const grades = new Map(resumes.map((resume) => [resume.id, resume.grades]));
  const gradeOf = (resumeId: string, jobId: string): number => {
    const grade = grades.get(resumeId)?.[places.get(jobId) ?? -1];
    if (grade === undefined) throw new Error(`There is no grade of ${resumeId} and ${jobId}.`);
    return grade;
  };
  const only = (part: GradedPart): GradedPairs => ({
    jobs: jobs.filter(({ id }) => partOf(id) === part),
    resumes: resumes.filter(({ id }) => partOf(id) === part),
    gradeOf,
  });
  return { tuning: only('tuning'), 'held-out': only('held-out') };
}

/** `job_012`, `resume_003`: remainders 1 and 2 of five are for tuning. */
function partOf(id: string): GradedPart {
  const remainder = Number(/\d+$/.exec(id)?.[0]) % 5;
  return remainder === 1 || remainder === 2 ? 'tuning' : 'held-out';
}
