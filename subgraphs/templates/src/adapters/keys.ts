import { CACHED_FORM } from './cached-template.js';

/** Every cache key of this subgraph. A record's key names the form of its value, so that a new form never meets an old entry. */
export const keys = {
  templatePrefix: `templates:record:${CACHED_FORM}:`,
  template: (id: string): string => `templates:record:${CACHED_FORM}:${id}`,
  hot: (categoryId: string | undefined, limit: number): string => `templates:hot:${categoryId ?? '*'}:${limit}`,
  hotTag: (categoryId: string | undefined): string => `templates:hot:${categoryId ?? '*'}`,
  listsTag: 'templates:lists',
  suggestionGeneration: 'templates:suggestions:generation',
  suggestions: (generation: number, prefix: string, limit: number): string => `templates:suggestions:${generation}:${limit}:${prefix}`,
};
