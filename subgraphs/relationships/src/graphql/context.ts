import type { FieldNode } from 'graphql';
import type DataLoader from 'dataloader';

/** Runs one statement of the library: limits its time, measures it and classifies its failure as a StoreError. */
export type RunStatement = <T>(field: string, statement: () => Promise<T>) => Promise<T>;

export type NodeLoader = DataLoader<string, Record<string, unknown> | null>;

/** What one request's resolvers share; never another's. The library adds to it. */
export interface RelationshipsContext {
  /** The driver, under the name by which the library looks for it. */
  readonly executionContext: unknown;
  readonly sessionConfig?: { readonly database: string };
  readonly transaction: { readonly timeout: number };
  readonly run: RunStatement;
  /** Loaders of entities by the field they are selected with, one per type. */
  readonly loaders: WeakMap<readonly FieldNode[], Map<string, NodeLoader>>;
  /** Operations whose pages have been checked. */
  readonly checked: WeakSet<object>;
}
