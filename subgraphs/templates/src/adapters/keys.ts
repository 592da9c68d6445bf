/** Every cache key of this subgraph. */
export const keys = {
  templatePrefix: 'templates:record:',
  template: (id: string): string => `templates:record:${id}`,
  hot: (categoryId: string | undefined, limit: number): string => `templates:hot:${categoryId ?? '*'}:${limit}`,
  hotTag: (categoryId: string | undefined): string => `templates:hot:${categoryId ?? '*'}`,
  listsTag: 'templates:lists',
  suggestionGeneration: 'templates:suggestions:generation',
  suggestions: (generation: number, prefix: string, limit: number): string => `templates:suggestions:${generation}:${limit}:${prefix}`,
};
