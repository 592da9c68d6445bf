import { buildClientSchema, GraphQLSchema, printSchema, specifiedDirectives, type IntrospectionQuery } from 'graphql';

/**
 * The SDL of a server without federation, from the answer to the introspection query. It names no version of the federation specification:
 * composition then lets types that other such subgraphs have, too, be shared, and expects no keys. Directives of its own are for its own
 * clients and left out. Undefined for what is no introspection result.
 */
export function toPlainSdl(data: object): string | undefined {
  try {
    const schema = buildClientSchema(data as IntrospectionQuery); // checked by what it does
    return printSchema(new GraphQLSchema({ ...schema.toConfig(), directives: specifiedDirectives }));
  } catch {
    return undefined;
  }
}
