import type { SearchHit, VectorIndex } from '@loomgraph/stores/vectors';
import { fingerprint } from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import { LRUCache } from 'lru-cache';
import { deriveSearchContent, loadSearchSources } from './template-vectors.js';

/** Templates are similar from this cosine similarity of their content on, and each keeps its nearest few. */
const SIMILAR_FROM = 0.3;
const SIMILAR_AT_MOST = 10;
const REMEMBERED = 20_000;

/** The templates nearest to each of some, by the projected vectors. */
export interface SimilarTemplates {
  of(ids: readonly string[], em: EntityManager): Promise<ReadonlyMap<string, readonly SearchHit[]>>;
}

/**
 * Neighbours are looked up again when a template's own search document changed, not with every use and rating: those are most of the
 * changes, and a look-up compares with every template where there is no approximate index.
 */
export function createSimilarTemplates(index: VectorIndex): SimilarTemplates {
  const known = new LRUCache<string, { readonly of: string; readonly hits: readonly SearchHit[] }>({ max: REMEMBERED });
  return {
    async of(ids, em) {
      const found = new Map<string, readonly SearchHit[]>();
      const unknown: { id: string; of: string }[] = [];
      for (const { id, value } of await loadSearchSources(ids, em)) {
        const of = fingerprint('similar', deriveSearchContent(value));
        const remembered = known.get(id);
        if (remembered?.of === of) found.set(id, remembered.hits);
        else unknown.push({ id, of });
      }
      const answers = await index.searchLikeEach(
        unknown.map(({ id }) => id),
        { field: 'content', limit: SIMILAR_AT_MOST, minScore: SIMILAR_FROM, filter: { isActive: true } },
      );
      for (const [position, { id, of }] of unknown.entries()) {
        const hits = answers[position] ?? [];
        known.set(id, { of, hits });
        found.set(id, hits);
      }
      return found;
    },
  };
}
