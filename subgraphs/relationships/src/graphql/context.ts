import type { RequestSync } from '@loomgraph/subgraph-kit';
import type DataLoader from 'dataloader';
import type { FieldNode } from 'graphql';

export type NodeLoader = DataLoader<string, Readonly<Record<string, unknown>> | null>;

/** What one request's resolvers share; never another's. The library adds to it. */
export interface RelationshipsContext {
  /** What the library reads through, under the name by which it looks for it. */
  readonly executionContext: object;
  readonly sessionConfig?: { readonly database: string };
  /** Undefined where there is nothing to wait for. */
  readonly sync: RequestSync | undefined;
  /** Loaders of entities by the field they are selected with, one per type. */
  readonly loaders: WeakMap<readonly FieldNode[], Map<string, NodeLoader>>;
  /** Operations whose pages have been checked. */
  readonly checked: WeakSet<object>;
}
