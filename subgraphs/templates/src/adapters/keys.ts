/** Every cache key of this subgraph. After `templates` comes the form of the entry, so that a new form never meets an old entry, then the id. */
export const keys = {
  templates: 'templates:record:',
  hot: (categoryId: string | undefined, limit: number): string => `templates:hot:${categoryId ?? '*'}:${limit}`,
  hotTag: (categoryId: string | undefined): string => `templates:hot:${categoryId ?? '*'}`,
  listsTag: 'templates:lists',
  suggestionGeneration: 'templates:suggestions:generation',
  suggestions: (generation: number, prefix: string, limit: number): string => `templates:suggestions:${generation}:${limit}:${prefix}`,
};
