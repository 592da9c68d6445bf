import { LoomError, MAX_PAGE_SIZE } from '@loomgraph/core';
import type { SearchRequest, TemplateCache, TemplateHit, TemplateReader, TemplateSearch } from './ports.js';
import { limits, type Template } from './template.js';

const MAX_OFFSET = 1_000;

export interface SearchTemplates {
  /** Best first; hits whose template is gone or inactive by now are left out. */
  search(request: SearchRequest): Promise<readonly (TemplateHit & { readonly template: Template })[]>;
  suggest(prefix: string, limit: number): Promise<readonly string[]>;
}

export function createSearchTemplates(deps: { search: TemplateSearch; reader: TemplateReader; cache: TemplateCache }): SearchTemplates {
  return {
    async search(request) {
      const text = request.text.trim();
      if (text === '') throw new LoomError('BAD_USER_INPUT', 'Search for at least one word.');
      if (text.length > limits.queryLength)
        throw new LoomError('BAD_USER_INPUT', `A search text has at most ${limits.queryLength} characters.`);
      assertLimit(request.limit);
      if (request.offset < 0 || request.offset > MAX_OFFSET) throw new LoomError('BAD_USER_INPUT', `offset is 0 to ${MAX_OFFSET}.`);
      const hits = await deps.search.search({ ...request, text });
      const templates = new Map(
        (await deps.reader.templatesByIds(hits.map((hit) => hit.templateId))).map((template) => [template.id, template]),
      );
      return hits.flatMap((hit) => {
        const template = templates.get(hit.templateId);
        return template?.isActive ? [{ ...hit, template }] : [];
      });
    },
    suggest(prefix, limit) {
      assertLimit(limit);
      const text = prefix.trim().toLowerCase().slice(0, limits.nameLength);
      return text === '' ? Promise.resolve([]) : deps.cache.suggestions(text, limit, () => deps.search.suggest(text, limit));
    },
  };
}

export function assertLimit(limit: number): void {
  if (limit < 0) throw new LoomError('BAD_USER_INPUT', `A page size cannot be negative (${limit}).`);
  if (limit > MAX_PAGE_SIZE) {
    throw new LoomError('PAGE_LIMIT_EXCEEDED', `At most ${MAX_PAGE_SIZE} items a page; ${limit} were asked for.`, {
      details: { limit: MAX_PAGE_SIZE },
    });
  }
}
