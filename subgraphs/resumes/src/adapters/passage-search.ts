import type { Embedder } from '@loomgraph/ai';
import { fuseByReciprocalRank, segment, withoutEmptyWords, type AttributeFilter } from '@loomgraph/stores/vectors';
import type { VersionedVectors } from '@loomgraph/sync';
import type { PassageSearch, ResumeSearchFilter } from '../domain/search/ports.js';
import { usualNameOf } from '../domain/understanding/skills.js';

/** As many resumes, some thousand passages, are compared one by one: an approximate index would be walked past everybody else's. */
const EXACT_UP_TO = 500;

/** Search over the projected vectors of the version that serves. */
export function createPassageSearch(vectors: Pick<VersionedVectors<Embedder>, 'live'>, wanted: Embedder): PassageSearch {
  // What the last search was made with: the model changes under a running process.
  let last = wanted;
  return {
    get similarity() {
      return last.similarity;
    },
    get model() {
      return last.name;
    },
    words(text) {
      // Names whose signs segmentation writes out (C++) are looked for as they were written, too.
      const named = text
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => /[^\p{L}\p{N}]/u.test(word));
      return [...new Set([...withoutEmptyWords(segment(text)).split(' '), ...named])].filter((word) => word !== '');
    },
    fuse: (semantic, text) =>
      fuseByReciprocalRank(semantic, text, { limit: semantic.length + text.length }).map(({ id, score, vectorRank, textRank }) => ({
        id,
        score,
        ...(vectorRank !== undefined && { semanticRank: vectorRank }),
        ...(textRank !== undefined && { textRank }),
      })),
    async rank(text, given) {
      const { index, embedder } = await vectors.live();
      const filter = toFilter(given);
      const exact = given.resumeIds !== undefined && given.resumeIds.length <= EXACT_UP_TO;
      if (embedder) last = embedder;
      let embedded: Promise<readonly number[]> | undefined;
      const embedding = (by: Embedder) => (embedded ??= by.embed([text]).then(([vector]) => vector ?? []));
      return {
        semantic:
          embedder &&
          (async (limit) => index.searchByVector({ field: 'content', embedding: await embedding(embedder), limit, filter, exact })),
        text: (limit) => index.searchByText({ text, limit, filter }),
      };
    },
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
