import type { ProjectionNames } from '@loomgraph/subgraph-kit';

const of = (...names: readonly string[]): ProjectionNames => ({ resumes: names });

/** What each kind of read sees of a change only once these projections have applied it. */
export const projectionsOf = { search: of('resume-vectors'), jobs: of('job-vectors') } as const;
