import type { Identity } from '@loomgraph/auth';
import { createLoader, type SubgraphRequest } from '@loomgraph/subgraph-kit';
import DataLoader from 'dataloader';
import type { TemplateCache, TemplateReader } from '../domain/ports.js';
import type { Category, Rating, Template } from '../domain/template.js';

/** What one request's resolvers share; never another's. */
export interface TemplatesContext {
  readonly identity: Identity | null;
  readonly requestId: string;
  readonly loaders: {
    readonly template: DataLoader<string, Template | null, string>;
    /** By reference from other subgraphs: from the cache that changes themselves keep current, else from the record. */
    readonly referencedTemplate: DataLoader<string, Template | null, string>;
    readonly category: DataLoader<string, Category | null, string>;
    readonly latestRatings: (limit: number) => DataLoader<string, readonly Rating[], string>;
    readonly ownRating: DataLoader<string, Rating | null, string>;
  };
}

export function createTemplatesContext(deps: { reader: TemplateReader; cache: TemplateCache }): (request: SubgraphRequest) => TemplatesContext {
  const { reader, cache } = deps;
  return ({ identity, requestId }) => {
    const latest = new Map<number, DataLoader<string, readonly Rating[], string>>();
    return {
      identity,
      requestId,
      loaders: {
        template: createLoader({ load: (ids: readonly string[]) => reader.templatesByIds(ids), keyOf: (template) => template.id }),
        referencedTemplate: createLoader({
          load: (ids: readonly string[]) => cache.templates(ids, (missing) => reader.templatesByIds(missing)),
          keyOf: (template) => template.id,
        }),
        category: createLoader({ load: (ids: readonly string[]) => reader.categoriesByIds(ids), keyOf: (category) => category.id }),
        ownRating: createLoader({
          load: (ids: readonly string[]) => (identity ? reader.ratingsBy(identity.userId, ids) : Promise.resolve([])),
          keyOf: (rating) => rating.templateId,
        }),
        latestRatings(limit) {
          const known = latest.get(limit);
          if (known) return known;
          const loader = new DataLoader<string, readonly Rating[], string>(async (ids) => {
            const byTemplate = Map.groupBy(await reader.latestRatings(ids, limit), (rating) => rating.templateId);
            return ids.map((id) => byTemplate.get(id) ?? []);
          });
          latest.set(limit, loader);
          return loader;
        },
      },
    };
  };
}
