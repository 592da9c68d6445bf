import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

/** What the plan's conditions on runtime types are tested against: the supergraph with everything clients cannot see. */
export interface TypeConditions {
  /** Whether an object of runtime type `typename` fits a condition on `type`, which may be abstract. Unknown names fit nothing. */
  fits(typename: string, type: string): boolean;
  /** A type objects can have; false for interfaces and unknown names. */
  isConcrete(typename: string): boolean;
}

export function createTypeConditions(supergraph: GraphQLSchema): TypeConditions {
  const known = new Map<string, Map<string, boolean>>();
  const test = (typename: string, type: string): boolean => {
    const runtime = supergraph.getType(typename);
    const condition = supergraph.getType(type);
    return (isObjectType(runtime) || isInterfaceType(runtime)) && isAbstractType(condition) && supergraph.isSubType(condition, runtime);
  };
  return {
    fits(typename, type) {
      if (typename === type) return true;
      let tests = known.get(type);
      if (tests === undefined) known.set(type, (tests = new Map()));
      let result = tests.get(typename);
      if (result === undefined) {
        result = test(typename, type);
        // A subgraph may answer any text as a type name; only names of the schema are kept.
        if (supergraph.getType(typename) !== undefined) tests.set(typename, result);
      }
      return result;
    },
    isConcrete: (typename) => isObjectType(supergraph.getType(typename)),
  };
}
