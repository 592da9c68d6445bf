import type { Authorizer, Identity } from '@loomgraph/auth';
import { createLoader, createRequestSync, type RequestSync, type SubgraphRequest, type SyncWaiter } from '@loomgraph/subgraph-kit';
import DataLoader from 'dataloader';
import type { TemplateCache, TemplateReader } from '../domain/ports.js';
import type { Related, RelateTemplates } from '../domain/relate-templates.js';
import type { Category, Rating, Template } from '../domain/template.js';
import { projectionsOf } from './projections-of.js';

/** What one request's resolvers share; never another's. */
export interface TemplatesContext {
  readonly identity: Identity | null;
  /** Who may do what. */
  readonly authorizer: Authorizer;
  readonly requestId: string;
  readonly clientAddress: string | undefined;
  /** What of the request's own writes must be seen; undefined where there is nothing to wait for and nobody to tell. */
  readonly sync: RequestSync | undefined;
  readonly loaders: {
    readonly template: DataLoader<string, Template | null, string>;
    /** By reference from other subgraphs: from the cache that changes themselves keep current, else from the record. */
    readonly referencedTemplate: DataLoader<string, Template | null, string>;
    readonly category: DataLoader<string, Category | null, string>;
    readonly latestRatings: (limit: number) => DataLoader<string, readonly Rating[], string>;
    readonly similar: (limit: number) => DataLoader<string, Related, string>;
    readonly ownRating: DataLoader<string, Rating | null, string>;
  };
}

export function createTemplatesContext(deps: {
  reader: TemplateReader;
  cache: TemplateCache;
  relate: RelateTemplates;
  authorizer: Authorizer;
  subgraph: string;
  syncTokens: SyncWaiter;
}): (request: SubgraphRequest) => TemplatesContext {
  const { reader, cache, relate, authorizer, subgraph, syncTokens } = deps;
  return ({ identity, requestId, ...request }) => {
    const sync = createRequestSync(subgraph, request.sync, syncTokens);
    return {
      identity,
      authorizer,
      requestId,
      clientAddress: request.clientAddress,
      sync,
      loaders: {
        template: createLoader({ load: (ids: readonly string[]) => reader.templatesByIds(ids), keyOf: (template) => template.id }),
        referencedTemplate: createLoader({
          load: async (ids: readonly string[]) => {
            const waiting = sync?.caughtUp(projectionsOf.cache);
            if (waiting) await waiting;
            return cache.templates(ids, (missing) => reader.templatesByIds(missing));
          },
          keyOf: (template) => template.id,
        }),
        category: createLoader({ load: (ids: readonly string[]) => reader.categoriesByIds(ids), keyOf: (category) => category.id }),
        ownRating: createLoader({
          load: (ids: readonly string[]) => (identity ? reader.ratingsBy(identity.userId, ids) : Promise.resolve([])),
          keyOf: (rating) => rating.templateId,
        }),
        latestRatings: perLimit(async (ids, limit) => {
          const byTemplate = Map.groupBy(await reader.latestRatings(ids, limit), (rating) => rating.templateId);
          return ids.map((id) => byTemplate.get(id) ?? []);
        }),
        similar: perLimit(async (ids, limit) => {
          const waiting = sync?.caughtUp(projectionsOf.similar);
          if (waiting) await waiting;
          return relate.similar(ids, limit);
        }),
      },
    };
  };
}

/** A field with a limit as its argument batches with the others of the same limit. */
function perLimit<T>(
  load: (ids: readonly string[], limit: number) => Promise<readonly T[]>,
): (limit: number) => DataLoader<string, T, string> {
  const loaders = new Map<number, DataLoader<string, T, string>>();
  return (limit) => {
    const loader = loaders.get(limit) ?? new DataLoader<string, T, string>((ids) => load(ids, limit));
    loaders.set(limit, loader);
    return loader;
  };
}
