import type { Template } from '../domain/template.js';

/** Raised when the cached form changes: all entries are then written anew, under other keys. */
export const CACHED_FORM = 1;

/** A template as JSON: times in ms since the epoch. */
export type CachedTemplate = Omit<Template, 'createdAt' | 'updatedAt'> & { readonly createdAt: number; readonly updatedAt: number };

export function toCached(template: Template): CachedTemplate {
  return { ...pick(template), createdAt: template.createdAt.getTime(), updatedAt: template.updatedAt.getTime() };
}

export function fromCached(cached: CachedTemplate): Template {
  return { ...cached, createdAt: new Date(cached.createdAt), updatedAt: new Date(cached.updatedAt) };
}

/** The domain's fields only: an entity carries its mapper's along. */
function pick(t: Template): Template {
  const { id, slug, name, categoryId, description, content, variables, preview, usage, ratingSum, ratingCount, isActive, tags, industry } =
    t;
  const { experienceLevel, language, version, difficulty, estimatedTimeMinutes, createdBy, createdAt, updatedAt, revision } = t;
  return {
    id,
    slug,
    name,
    categoryId,
    description,
    content,
    variables,
    preview,
    usage,
    ratingSum,
    ratingCount,
    isActive,
    tags,
    industry,
    experienceLevel,
    language,
    version,
    difficulty,
    estimatedTimeMinutes,
    createdBy,
    createdAt,
    updatedAt,
    revision,
  };
}
