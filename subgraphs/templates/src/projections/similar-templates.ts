import type { RelationalStore } from '@loomgraph/stores/relational';
import type { SearchHit } from '@loomgraph/stores/vectors';
import type { VectorReader } from '@loomgraph/sync';
import { TemplateEntity } from '../store/entities.js';
import { createSimilarLists } from '../store/similar-lists.js';

/** Templates are similar from this cosine similarity of their content on, and each keeps its nearest few. */
const SIMILAR_FROM = 0.3;
const SIMILAR_AT_MOST = 10;
/** How many of those around a changed template are looked at: whether it belongs into their lists now. */
const LOOKED_AT = 100;

/** The templates nearest to each of some, by the projected vectors. */
export interface SimilarTemplates {
  of(ids: readonly string[]): Promise<ReadonlyMap<string, readonly SearchHit[]>>;
  /**
   * Those whose list may be another one now that the vectors of these are others, or gone: in whose lists they are, into whose lists they are
   * close enough to get, and they themselves. Their lists are looked up again when they are next asked for.
   */
  affectedBy(changed: readonly string[], page: { readonly after?: string; readonly limit: number }): Promise<readonly string[]>;
}

/**
 * Lists are kept: most changes of a template are uses and ratings, and a look-up compares with every template where there is no approximate index.
 * A list that is looked up again changes no vectors, so that nothing follows from it.
 */
export function createSimilarTemplates({
  index,
  store,
}: {
  readonly index: Pick<VectorReader, 'searchLikeEach'>;
  readonly store: RelationalStore;
}): SimilarTemplates {
  const lists = createSimilarLists(store);
  const nearest = (ids: readonly string[], limit: number): Promise<SearchHit[][]> =>
    index.searchLikeEach(ids, { field: 'content', limit, minScore: SIMILAR_FROM, filter: { isActive: true } });

  /** Whose lists the changed ones are close enough to get into. */
  const entered = async (changed: readonly string[]): Promise<readonly string[]> => {
    const closest = new Map<string, number>();
    for (const { id, score } of (await nearest(changed, LOOKED_AT)).flat()) closest.set(id, Math.max(score, closest.get(id) ?? score));
    const open = await lists.fullness([...closest.keys()], await lists.version());
    return open.filter(({ id, length, least }) => length < SIMILAR_AT_MOST || (closest.get(id) ?? 0) >= least).map(({ id }) => id);
  };

  return {
    async of(ids) {
      const version = await lists.version();
      const kept = await lists.read(ids, version);
      const unknown = kept.filter(({ hits }) => hits === undefined);
      const answers = await nearest(
        unknown.map(({ id }) => id),
        SIMILAR_AT_MOST,
      );
      const found = unknown.map((list, position) => ({ ...list, hits: (answers[position] ?? []).map(({ id, score }) => ({ id, score })) }));
      await lists.keep(found, version);
      return new Map([...kept, ...found].map(({ id, hits }) => [id, (hits ?? []).toSorted(byCloseness)]));
    },
    async affectedBy(changed, { after, limit }) {
      const there = await store.read().find(TemplateEntity, { id: { $in: [...changed] } }, { fields: ['id'] });
      const gone = changed.filter((id) => !there.some((template) => template.id === id));
      const affected = new Set([...(await lists.holding(changed)), ...(await entered(changed)), ...there.map(({ id }) => id)]);
      for (const id of gone) affected.delete(id);
      const page = [...affected]
        .filter((id) => after === undefined || id > after)
        .sort()
        .slice(0, limit);
      await lists.remove(gone);
      await lists.forget(page);
      return page;
    },
  };
}

/** Databases order ids by other alphabets, and the order is part of what is derived. */
const byCloseness = (a: SearchHit, b: SearchHit): number => b.score - a.score || (a.id < b.id ? -1 : 1);
