/**
 * A query plan in the one form execution reads, whichever planner made it.
 *
 * Terminology: a *fetch* is one request to a subgraph. A *root fetch* asks root fields. An *entity fetch* asks `_entities` for the
 * objects found at `paths` of the answer so far; each is told by a *representation*: its `__typename` and the fields `requires`
 * names. One entity fetch may hold several `batches`, each under its own alias and representations variable.
 */
export type PlanNode = SequenceNode | ParallelNode | ConditionNode | FetchNode;

/** One after another. */
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly nodes: readonly PlanNode[];
}

/** All at once. */
export interface ParallelNode {
  readonly kind: 'parallel';
  readonly nodes: readonly PlanNode[];
}

/** `@skip` and `@include` that keep a whole fetch from being sent. */
export interface ConditionNode {
  readonly kind: 'condition';
  /** A boolean variable of the operation, without `$`. */
  readonly variable: string;
  readonly whenTrue: PlanNode | undefined;
  readonly whenFalse: PlanNode | undefined;
}

export interface FetchNode {
  readonly kind: 'fetch';
  /** What deferred parts of the plan that start from this fetch call it; left out where there are none. */
  readonly id?: string;
  /** Of the subgraph, as composition knows it. */
  readonly subgraph: string;
  /** GraphQL text. */
  readonly operation: string;
  readonly operationName: string | undefined;
  readonly operationKind: 'query' | 'mutation' | 'subscription';
  /** Variables of the client's operation this text uses, without `$`. */
  readonly variables: readonly string[];
  /** Undefined for a root fetch. */
  readonly batches: readonly EntityBatch[] | undefined;
  /** Of a root fetch: where in the answer an object stands for the root type. Its data is merged there; undefined: at the top. */
  readonly mergeAt?: PlanPath;
  /** Applied to `data` of a root fetch before it is merged. */
  readonly outputRewrites: readonly Rewrite[];
}

export interface EntityBatch {
  /** Response key of this batch in the answer: `_entities` unless several batches share a fetch. */
  readonly alias: string;
  /** Without `$`. */
  readonly representationsVariable: string;
  readonly paths: readonly PlanPath[];
  readonly requires: readonly Requirement[];
  /** Applied to each representation before it is sent. */
  readonly inputRewrites: readonly Rewrite[];
  /** Applied to each entity before it is merged. */
  readonly outputRewrites: readonly Rewrite[];
  /** Values of `@fromContext`. Of several for one variable the first whose path leads anywhere counts. Left out where there are none. */
  readonly contexts?: readonly ContextValue[];
}

/** A value of an object above an entity, which is passed to the subgraph in a variable of the fetch. */
export interface ContextValue {
  /** Without `$`. */
  readonly variable: string;
  /** How many fields of the entity's path above it the object is. */
  readonly levels: number;
  /** From that object on; the last segment is a key. */
  readonly path: PlanPath;
}

/** From `data` down: response keys, `@` for every item of a list, and conditions on the runtime type of the object reached. */
export type PlanPath = readonly PlanPathSegment[];
export type PlanPathSegment = string | { readonly types: readonly string[] };
export const EVERY_ITEM = '@';

/** What a representation must hold. */
export type Requirement =
  | {
      readonly kind: 'field';
      /** Keys under which the answer so far may hold the value, the first that is there wins. */
      readonly readFrom: readonly string[];
      /** Key in the representation. */
      readonly writeTo: string;
      readonly selections: readonly Requirement[] | undefined;
    }
  | { readonly kind: 'fragment'; readonly onType: string; readonly selections: readonly Requirement[] };

/** Changes at every place `path` reaches: keys, and conditions on the runtime type. The last segment is a key. */
export type Rewrite = {
  readonly path: readonly PlanPathSegment[];
} & ({ readonly kind: 'set'; readonly value: unknown } | { readonly kind: 'rename'; readonly to: string });
