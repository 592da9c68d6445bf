import type { Cache } from '@loomgraph/stores/cache';
import { fingerprint, type VersionedCache } from '@loomgraph/sync';
import type { TemplateCache } from '../domain/ports.js';
import type { Template } from '../domain/template.js';
import { fromCached, toCached, type CachedTemplate } from './cached-template.js';
import { keys } from './keys.js';

const HOT_TTL_MS = 60 * 60_000;
const SUGGESTIONS_TTL_MS = 2 * 60 * 60_000;
/** How long a template that nobody changes stays; the next read after it takes it from the record. */
export const TEMPLATE_TTL_MS = 24 * 60 * 60_000;

type Entries = Pick<VersionedCache<CachedTemplate>, 'prefix' | 'versionKey' | 'isKept'>;

export function createTemplateCache(cache: Cache, entries: Entries): TemplateCache {
  const cachedList = async (
    key: string,
    options: { ttlMs: number; tags: readonly string[] },
    compute: () => Promise<readonly string[]>,
  ) => {
    const known = await cache.get<readonly string[]>(key);
    if (known) return known;
    const computed = await compute();
    await cache.set(key, computed, options);
    return computed;
  };

  return {
    async templates(ids, load) {
      const unique = [...new Set(ids)];
      if (!(await entries.isKept())) return load(unique);
      const known = await Promise.all(unique.map((id) => cache.getFenced(entries.prefix + id)));
      const found = known.flatMap((entry) => (entry?.value === undefined ? [] : [fromCached(entry.value as CachedTemplate)]));
      // A tombstone is an answer: the template is gone.
      const missing = unique.filter((_, index) => known[index] === undefined);
      const loaded = missing.length > 0 ? await load(missing) : [];
      await Promise.all(loaded.map((template) => put(cache, entries, template)));
      return [...found, ...loaded];
    },
    hotIds: (categoryId, limit, compute) =>
      cachedList(keys.hot(categoryId, limit), { ttlMs: HOT_TTL_MS, tags: [keys.hotTag(categoryId), keys.listsTag] }, compute),
    async suggestions(prefix, limit, compute) {
      // The generation is read before computing, so what an invalidation overtakes is stored where nobody looks.
      const generation = await cache.increment(keys.suggestionGeneration, 0);
      return cachedList(keys.suggestions(generation, prefix, limit), { ttlMs: SUGGESTIONS_TTL_MS, tags: [keys.listsTag] }, compute);
    },
    async refresh(categoryId) {
      if (categoryId !== undefined) return cache.deleteByTag(keys.hotTag(categoryId), keys.hotTag(undefined));
      await cache.increment(keys.suggestionGeneration);
      return cache.deleteByTag(keys.listsTag);
    },
  };
}

/** As the projection would write it, so that an audit takes the one for the other. */
async function put(cache: Cache, { prefix, versionKey }: Entries, template: Template): Promise<void> {
  const value = toCached(template);
  await cache.setIfNewer(
    prefix + template.id,
    { revision: template.revision, fingerprint: fingerprint(versionKey, value), value },
    { ttlMs: TEMPLATE_TTL_MS },
  );
}
