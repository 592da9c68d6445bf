import type { Embedder } from '@loomgraph/ai';
import type { AttributeFilter } from '@loomgraph/stores/vectors';
import type { VersionedVectors } from '@loomgraph/sync';
import { yearly } from '../domain/jobs/salary.js';
import { areasWithin } from '../domain/recommendations/areas.js';
import type { JobSearch } from '../domain/recommendations/ports.js';
import type { JobWishes } from '../domain/recommendations/wishes.js';
import { createVectorRankings, fuseRankings } from './vector-rankings.js';

/** Search over the projected vectors of the version that serves. */
export function createJobSearch(vectors: Pick<VersionedVectors<Embedder>, 'live'>, wanted: Embedder): JobSearch {
  const rankings = createVectorRankings(vectors, wanted);
  return {
    rank: (text, wishes, now) => rankings.rank(text, { filter: toFilter(wishes, now), exact: false }),
    fuse: fuseRankings,
  };
}

/** As far as the index can tell; which languages are not required it cannot. */
function toFilter({ companyId, workModes, location, minSalary }: JobWishes, now: Date): AttributeFilter {
  return {
    openUntil: { atLeast: now.getTime() },
    ...(companyId !== undefined && { companyId }),
    ...(workModes && { workMode: workModes }),
    ...(location && { areas: areasWithin(location) }),
    ...(minSalary && { currency: minSalary.currency, yearlySalary: { atLeast: yearly(minSalary.amount, minSalary.period) } }),
  };
}
