import type { SearchHit, VectorIndex } from '@loomgraph/stores/vectors';
import { fingerprint } from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import { LRUCache } from 'lru-cache';
import { deriveSearchContent, loadSearchSources } from './template-vectors.js';

/** Templates are similar from this cosine similarity of their content on, and each keeps its nearest few. */
const SIMILAR_FROM = 0.3;
const SIMILAR_AT_MOST = 10;
const REMEMBERED = 20_000;
/** Look-ups side by side: the connections are for people who search. */
const AT_ONCE = 4;

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
  const lookUp = async (id: string, of: string): Promise<readonly SearchHit[]> => {
    const remembered = known.get(id);
    if (remembered?.of === of) return remembered.hits;
    const hits = await index.searchLike(id, {
      field: 'content',
      limit: SIMILAR_AT_MOST,
      minScore: SIMILAR_FROM,
      filter: { isActive: true },
    });
    known.set(id, { of, hits });
    return hits;
  };
  return {
    async of(ids, em) {
      const sources = await loadSearchSources(ids, em);
      const found = new Map<string, readonly SearchHit[]>();
      for (let start = 0; start < sources.length; start += AT_ONCE) {
        const slice = sources.slice(start, start + AT_ONCE);
        const hits = await Promise.all(slice.map(({ id, value }) => lookUp(id, fingerprint('similar', deriveSearchContent(value)))));
        for (const [position, { id }] of slice.entries()) found.set(id, hits[position] ?? []);
      }
      return found;
    },
  };
}
