import type { Cache } from '@loomgraph/stores/cache';
import { cacheTarget, defineProjection, type Projection, type ProjectionTarget } from '@loomgraph/sync';
import { CACHED_FORM, toCached, type CachedTemplate } from '../adapters/cached-template.js';
import { keys } from '../adapters/keys.js';
import { TEMPLATE_TTL_MS } from '../adapters/template-cache.js';
import type { Template } from '../domain/template.js';
import { TemplateEntity } from '../store/entities.js';

/** Keeps the cached template current. Runs after the vectors: suggestions that are computed anew must see them. */
export function templateCacheProjection(cache: Cache): Projection {
  return defineProjection<CachedTemplate, CachedTemplate>({
    name: 'template-cache',
    version: Number(CACHED_FORM),
    source: 'Template',
    after: ['template-vectors'],
    load: async (ids, em) =>
      (await em.find(TemplateEntity, { id: { $in: [...ids] } })).map((template) => ({
        id: template.id,
        revision: template.revision,
        value: toCached(template as Template),
      })),
    derive: (template) => template,
    target: withNewSuggestions(cache, cacheTarget<CachedTemplate>({ cache, prefix: keys.templatePrefix, ttlMs: TEMPLATE_TTL_MS })),
  });
}

/** A change of a name makes cached suggestions wrong; use and ratings do not, and are by far the most changes. */
function withNewSuggestions(cache: Cache, target: ProjectionTarget<CachedTemplate>): ProjectionTarget<CachedTemplate> {
  return {
    ...target,
    async apply(documents) {
      const before = await Promise.all(documents.map((document) => cache.getFenced(keys.template(document.id))));
      const outcomes = await target.apply(documents);
      const renamed = documents.some(({ content }, index) => {
        const known = before[index]?.value as CachedTemplate | undefined;
        return known?.name !== content.name || known.isActive !== content.isActive;
      });
      if (renamed) await cache.increment(keys.suggestionGeneration);
      return outcomes;
    },
    async remove(tombstones) {
      const outcomes = await target.remove(tombstones);
      await cache.increment(keys.suggestionGeneration);
      return outcomes;
    },
  };
}
