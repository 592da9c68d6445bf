import type { GraphQLField, GraphQLSchema } from 'graphql';

/** What a supergraph says of its types alone. */
export interface SupergraphTypes {
  readonly schema: GraphQLSchema;
  isAbstract(type: string): boolean;
  /** Whether objects of a concrete type fit a condition on another one. */
  fits(concrete: string, condition: string): boolean;
  /** As the supergraph merged it; undefined where the type does not have it. */
  field(type: string, field: string): GraphQLField<unknown, unknown> | undefined;
  /** The named type of a field; undefined where the type does not have it. */
  fieldType(type: string, field: string): string | undefined;
  /** Whether some objects may be of both types. */
  overlaps(one: string, other: string): boolean;
  /** The types objects can have where a type is named; the type itself unless it is abstract. */
  concreteTypes(name: string): readonly string[];
}
