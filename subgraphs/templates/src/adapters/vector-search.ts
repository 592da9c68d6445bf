import type { Embedder } from '@loomgraph/ai';
import type { VectorIndex } from '@loomgraph/stores/vectors';
import type { TemplateSearch } from '../domain/ports.js';

/** Search over the projected vectors; only active templates are in them as `isActive`. */
export function createVectorTemplateSearch(deps: { index: VectorIndex; embedder: Embedder }): TemplateSearch {
  const { index, embedder } = deps;
  return {
    similarity: embedder.similarity,
    model: embedder.name,
    async search({ text, mode, field, offset, limit, filter }) {
      const query = {
        limit: offset + limit,
        filter: {
          isActive: true,
          ...(filter.categoryIds ? { categoryId: filter.categoryIds } : {}),
          ...(filter.language ? { language: filter.language } : {}),
          ...(filter.industry ? { industry: filter.industry } : {}),
          ...(filter.tags ? { tags: filter.tags } : {}),
        },
      };
      const embedding = async (): Promise<readonly number[]> => (await embedder.embed([text]))[0] ?? [];
      const hits =
        mode === 'text'
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
    suggest: (prefix, limit) => index.suggest(prefix, { limit, filter: { isActive: true } }),
  };
}
