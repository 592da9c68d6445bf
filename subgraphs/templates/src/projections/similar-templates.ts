import type { RelationalStore } from '@loomgraph/stores/relational';
import type { SearchHit } from '@loomgraph/stores/vectors';
import type { Dependents, VectorReader } from '@loomgraph/sync';
import { byCloseness } from '../domain/similar-list.js';
import { TemplateEntity } from '../store/entities.js';
import { createSimilarLists, type ChangedTemplate } from '../store/similar-lists.js';

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
   * close enough to get, and they themselves. Their lists follow from the one look-up that each of these costs, or are looked up again when they are
   * next asked for.
   */
  affectedBy(changed: readonly string[], page: { readonly after?: string; readonly limit: number }): Promise<Dependents>;
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
  const lists = createSimilarLists(store, { length: SIMILAR_AT_MOST });
  const nearest = (ids: readonly string[], limit: number): Promise<SearchHit[][]> =>
    index.searchLikeEach(ids, { field: 'content', limit, minScore: SIMILAR_FROM, filter: { isActive: true } });

  /** Whose lists the changed ones are close enough to get into. */
  const entered = async (changed: readonly ChangedTemplate[], version: string): Promise<readonly string[]> => {
    const closest = new Map<string, number>();
    for (const { id, score } of changed.flatMap(({ around }) => around)) closest.set(id, Math.max(score, closest.get(id) ?? score));
    const open = await lists.fullness([...closest.keys()], version);
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
      const refused = new Set((await lists.keep(found, version)).map(({ id }) => id));
      // Somebody else was first: what is derived must be what is kept. One that was forgotten meanwhile is derived again.
      const others = new Map((await lists.read([...refused], version)).map(({ id, hits }) => [id, hits]));
      const agreed = found.map((list) => ({ ...list, hits: others.get(list.id) ?? list.hits }));
      return new Map([...kept, ...agreed].map(({ id, hits }) => [id, (hits ?? []).toSorted(byCloseness)]));
    },
    async affectedBy(ids, { after, limit }) {
      const there = await store.read().find(TemplateEntity, { id: { $in: [...ids] } }, { fields: ['id', 'isActive'] });
      const active = new Map(there.map(({ id, isActive }) => [id, isActive]));
      const version = await lists.version();
      const generations = await lists.begin(ids);
      const found = await nearest(ids, LOOKED_AT);
      const changed = ids.map((id, position): ChangedTemplate => ({
        id,
        isActive: active.get(id) ?? false,
        generation: generations.get(id) ?? 0,
        around: found[position] ?? [],
      }));
      const gone = ids.filter((id) => !active.has(id));
      const affected = new Set([...(await lists.holding(ids)), ...(await entered(changed, version)), ...active.keys()]);
      for (const id of gone) affected.delete(id);
      const page = [...affected]
        .filter((id) => after === undefined || id > after)
        .sort()
        .slice(0, limit);
      // Lists are adjusted all at once: a list that has taken the change in says nothing more of whether it was affected.
      const isWhole = page.length === affected.size;
      return {
        ids: page,
        async alongside(em) {
          if (!isWhole || !(await lists.adjust(em, changed, page, version))) await lists.forget(em, page);
          await lists.remove(em, gone);
        },
      };
    },
  };
}
