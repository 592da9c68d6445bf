import { GraphQLError } from 'graphql';
import type { Operation } from '../operation.ts';

/** A trap other planners or executors fell into, as small as it can be shown. */
export interface NamedCase {
  readonly name: string;
  /** What goes wrong, and where it was reported, if it was. */
  readonly trap: string;
  readonly subgraphs: Readonly<Record<string, CaseSubgraph>>;
  readonly operation: Operation;
  readonly expected: {
    readonly data: unknown;
    /** In any order. */
    readonly errors?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
  };
  /** Apollo's planner makes a wrong plan, and why; the case then holds for the default planner alone. */
  readonly wrongPlanByApollo?: string;
}

export interface CaseSubgraph {
  /** Without the link to the federation specification. */
  readonly sdl: string;
  readonly resolvers: Resolvers;
}

/** Fields, `__resolveReference` and `__resolveType`, as `@apollo/subgraph` takes them. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, (source: never, args: never) => unknown>>>>;

/** Objects of a case: what resolvers answer and find by key. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** A reference resolver over rows: the row that has all the scalar key fields that were sent, with what `@requires` sent along. */
export function byKey(rows: Rows): (reference: Readonly<Record<string, unknown>>) => unknown {
  return (reference) => {
    const found = rows.find((row) =>
      Object.keys(row).every((key) => !(key in reference) || typeof row[key] === 'object' || row[key] === reference[key]),
    );
    return found ? { ...reference, ...found } : null;
  };
}

/** A resolver that throws an error whose message clients may see. */
export function failing(message: string): () => never {
  return () => {
    throw new GraphQLError(message, { extensions: { code: 'NOT_FOUND' } });
  };
}
