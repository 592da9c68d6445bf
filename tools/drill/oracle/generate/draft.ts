import type { GraphQLSchema } from 'graphql';
import type { Random } from '../../../harness/random.ts';

/** An operation while it is written: what its parts share. */
export interface Draft {
  readonly schema: GraphQLSchema;
  readonly random: Random;
  readonly variables: Variable[];
  readonly fragments: Fragment[];
  /** How many fields may still be written. */
  fieldsLeft: number;
  /** Fragments around what is being written. */
  nesting: number;
  /** What the operation uses, for the counts in the report. */
  readonly features: Set<string>;
  leafValue(scalar: string, coordinate: string): unknown;
}

export interface Variable {
  readonly name: string;
  /** `$v1: Int! = 3` */
  readonly declaration: string;
  /** Undefined: not given. */
  readonly value: { readonly given: unknown } | undefined;
}

export interface Fragment {
  readonly name: string;
  readonly onType: string;
  readonly text: string;
}

export function chance(draft: Draft, probability: number): boolean {
  return draft.random.next() < probability;
}
