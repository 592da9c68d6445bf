import type { Embedder } from '@loomgraph/ai';
import { segment, withoutEmptyWords, type AttributeFilter } from '@loomgraph/stores/vectors';
import type { VersionedVectors } from '@loomgraph/sync';
import type { PassageSearch, ResumeSearchFilter } from '../domain/search/ports.js';
import { usualNameOf } from '../domain/understanding/skills.js';
import { createVectorRankings, fuseRankings } from './vector-rankings.js';

/** As many resumes, some thousand passages, are compared one by one: an approximate index would be walked past everybody else's. */
const EXACT_UP_TO = 500;

/** Search over the projected vectors of the version that serves. */
export function createPassageSearch(vectors: Pick<VersionedVectors<Embedder>, 'live'>, wanted: Embedder): PassageSearch {
  const rankings = createVectorRankings(vectors, wanted);
  return {
    get similarity() {
      return rankings.embedder.similarity;
    },
    get model() {
      return rankings.embedder.name;
    },
    words(text) {
      // Names whose signs segmentation writes out (C++) are looked for as they were written, too.
      const named = text
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => /[^\p{L}\p{N}]/u.test(word));
      return [...new Set([...withoutEmptyWords(segment(text)).split(' '), ...named])].filter((word) => word !== '');
    },
    fuse: fuseRankings,
    rank: (text, given) =>
      rankings.rank(text, {
        filter: toFilter(given),
        exact: given.resumeIds !== undefined && given.resumeIds.length <= EXACT_UP_TO,
      }),
  };
}

function toFilter(filter: ResumeSearchFilter & { readonly resumeIds?: readonly string[] }): AttributeFilter {
  const { resumeIds, userId, skills, minYears, seniority, language, textLanguage, spokenLanguages, sections, updatedAfter } = filter;
  return {
    ...(resumeIds && { resumeId: resumeIds }),
    ...(userId !== undefined && { userId }),
    ...(skills && { skills: { all: skills.map(usualNameOf) } }),
    ...(minYears !== undefined && { years: { atLeast: minYears } }),
    ...(seniority && { seniority }),
    ...(language !== undefined && { language }),
    ...(textLanguage !== undefined && { textLanguage }),
    ...(spokenLanguages && { spokenLanguages: { all: spokenLanguages } }),
    ...(sections && { section: sections }),
    ...(updatedAfter && { updatedAt: { atLeast: updatedAfter.getTime() } }),
  };
}
