import type { ProjectionNames } from '@loomgraph/subgraph-kit';

const of = (...names: readonly string[]): ProjectionNames => ({ templates: names });

/** What each kind of read sees of a change only once these projections have applied it. */
export const projectionsOf = {
  search: of('template-vectors'),
  suggestions: of('template-vectors', 'template-cache'),
  cache: of('template-cache'),
  // The edges between similar templates are written after the vectors they compare.
  similar: of('template-vectors', 'template-graph'),
  alsoUsed: of('user-graph'),
  path: of('template-vectors', 'template-graph', 'category-graph', 'user-graph'),
} as const;
