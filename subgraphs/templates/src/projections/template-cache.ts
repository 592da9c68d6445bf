import type { Cache } from '@loomgraph/stores/cache';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { defineVersionedProjection, versionedCache, type Projection, type ProjectionTarget, type VersionedCache } from '@loomgraph/sync';
import { CACHED_FORM, toCached, type CachedTemplate } from '../adapters/cached-template.js';
import { keys } from '../adapters/keys.js';
import { TEMPLATE_TTL_MS } from '../adapters/template-cache.js';
import type { Template } from '../domain/template.js';
import { TemplateEntity } from '../store/entities.js';

const NAME = 'template-cache';

/** The entries of all forms, each under keys of its own. */
export function templateEntries(deps: { cache: Cache; store: RelationalStore }): VersionedCache<CachedTemplate> {
  return versionedCache({ ...deps, projection: NAME, version: CACHED_FORM, prefix: keys.templates, ttlMs: TEMPLATE_TTL_MS });
}

/** Keeps the cached template current. Runs after the vectors: suggestions that are computed anew must see them. */
export function templateCacheProjection({
  cache,
  entries,
}: {
  cache: Cache;
  entries: VersionedCache<CachedTemplate>;
}): readonly Projection[] {
  const [target] = entries.targets;
  return defineVersionedProjection<CachedTemplate, CachedTemplate>(
    {
      name: NAME,
      version: CACHED_FORM,
      source: 'Template',
      after: ['template-vectors'],
      load: async (ids, em) =>
        (await em.find(TemplateEntity, { id: { $in: [...ids] } })).map((template) => ({
          id: template.id,
          revision: template.revision,
          value: toCached(template as Template),
        })),
      derive: (template) => template,
    },
    { ...entries, targets: [withNewSuggestions({ cache, prefix: entries.prefix }, target)] },
  );
}

/** A change of a name makes cached suggestions wrong; use and ratings do not, and are by far the most changes. */
function withNewSuggestions(
  { cache, prefix }: { cache: Cache; prefix: string },
  target: ProjectionTarget<CachedTemplate>,
): ProjectionTarget<CachedTemplate> {
  return {
    ...target,
    async apply(documents) {
      const before = await Promise.all(documents.map((document) => cache.getFenced(prefix + document.id)));
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
