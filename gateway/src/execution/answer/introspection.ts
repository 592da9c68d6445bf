import { execute, type DocumentNode, type GraphQLSchema } from 'graphql';

/** The texts of the introspection fields at the root of an operation, by response key. */
export type IntrospectionTexts = Readonly<Record<string, string>>;

export interface Introspected {
  readonly texts: IntrospectionTexts;
  readonly isPresent: boolean;
}

type Variables = Readonly<Record<string, unknown>>;

const NOTHING: Introspected = { texts: {}, isPresent: false };
/** Of one operation; an introspection that depends on variables has an answer for each of their values. */
const MAX_KEPT = 20;

/**
 * Answers `__schema` and `__type` at the root of an operation by graphql-js; kept, since a version's schema never changes.
 * `document`: the operation with nothing else at its root; undefined when it asks for neither.
 */
export function createIntrospection(options: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode | undefined;
}): (variables: Variables, rawVariables: Variables | undefined) => Introspected {
  const { schema, document } = options;
  if (document === undefined) return () => NOTHING;
  const known = new Map<string, Introspected>();
  return (variables, rawVariables) => {
    const key = JSON.stringify(variables);
    const found = known.get(key);
    if (found !== undefined) return found;
    const result = execute({ schema, document, variableValues: rawVariables });
    if (result instanceof Promise) throw new Error('Introspection is never asynchronous.');
    const texts = Object.fromEntries(Object.entries(result.data ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
    if (known.size >= MAX_KEPT) known.clear();
    const introspected = { texts, isPresent: true };
    known.set(key, introspected);
    return introspected;
  };
}
