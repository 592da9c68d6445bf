import type { Embedder } from '@loomgraph/ai';
import { LoomError } from '@loomgraph/core';
import type { VersionedVectors } from '@loomgraph/sync';
import type { SearchRequest, TemplateSearch } from '../domain/ports.js';

/** Search over the projected vectors of the version that serves; only active templates are in them as `isActive`. */
export function createVectorTemplateSearch(vectors: Pick<VersionedVectors<Embedder>, 'live' | 'reader'>, wanted: Embedder): TemplateSearch {
  // What the last search was made with: the model changes under a running process.
  let last = wanted;
  return {
    get similarity() {
      return last.similarity;
    },
    get model() {
      return last.name;
    },
    async search({ text, mode, field, offset, limit, filter }) {
      const { index, embedder } = await vectors.live();
      if (embedder) last = embedder;
      const query = { limit: offset + limit, filter: toFilter(filter) };
      const embedding = async (): Promise<readonly number[]> => (await embedder?.embed([text]))?.[0] ?? [];
      if (mode === 'vector' && !embedder)
        throw new LoomError('AI_PROVIDER_UNAVAILABLE', 'The model that search is built with is gone, and the new one is not complete yet.');
      const hits =
        mode === 'text' || !embedder
          ? await index.searchByText({ ...query, text })
          : mode === 'vector'
            ? await index.searchByVector({ ...query, field, embedding: await embedding() })
            : await index.searchHybrid({ ...query, text, field, embedding: await embedding() });
      return hits.slice(offset).map(({ id, score, vectorRank, textRank }) => ({
        templateId: id,
        score,
        ...(vectorRank === undefined ? {} : { vectorRank }),
        ...(textRank === undefined ? {} : { textRank }),
      }));
    },
    suggest: (prefix, limit) => vectors.reader.suggest(prefix, { limit, filter: { isActive: true } }),
  };
}

function toFilter({ categoryIds, language, industry, tags }: SearchRequest['filter']) {
  return {
    isActive: true,
    ...(categoryIds ? { categoryId: categoryIds } : {}),
    ...(language ? { language } : {}),
    ...(industry ? { industry } : {}),
    ...(tags ? { tags } : {}),
  };
}
