import type { Clock } from '@loomgraph/core';
import type { TemplateCache, TemplateReader } from './ports.js';
import { assertLimit } from './search-templates.js';
import type { Template } from './template.js';

/** How far back use counts for being hot. */
const HOT_DAYS = 30;

/** The hottest active templates, of one category or all; the order is up to an hour old, the templates themselves are current. */
export type HotTemplates = (options: { categoryId?: string; limit: number }) => Promise<readonly Template[]>;

export function createHotTemplates(deps: { reader: TemplateReader; cache: TemplateCache; clock: Clock }): HotTemplates {
  return async ({ categoryId, limit }) => {
    assertLimit(limit);
    const category = categoryId === undefined ? {} : { categoryId };
    const ids = await deps.cache.hotIds(categoryId, limit, () =>
      deps.reader.hottest({ ...category, days: HOT_DAYS, limit, now: deps.clock.now() }),
    );
    const templates = new Map(
      (await deps.cache.templates(ids, (missing) => deps.reader.templatesByIds(missing))).map((template) => [template.id, template]),
    );
    return ids.flatMap((id) => {
      const template = templates.get(id);
      return template?.isActive ? [template] : [];
    });
  };
}
