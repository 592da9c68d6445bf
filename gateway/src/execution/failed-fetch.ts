import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import { LoomError } from '@loomgraph/core';
import { GraphQLError, Kind, parse } from 'graphql';

/**
 * What a fetch without any answer counts as. Apollo gives such a failure no path, and a client could not tell which branch is null:
 * - a fetch of root fields answers one error for each of them, at its response key;
 * - an entity fetch throws one error at the field below which entities are missing (the part of its path before the first list),
 *   not one for each entity, of which there may be thousands.
 */
export function failedFetch(options: {
  readonly subgraph: string;
  readonly query: string;
  /** Of the fetch in the operation; `@` stands for every item of a list. Empty for root fields. */
  readonly path: readonly (string | number)[];
  readonly error: unknown;
}): GatewayGraphQLResponse {
  const { subgraph, query, path, error } = options;
  const code = error instanceof LoomError ? error.code : 'INTERNAL_SERVER_ERROR';
  const at = (place: readonly (string | number)[]): GraphQLError =>
    new GraphQLError(error instanceof Error ? error.message : String(error), {
      path: place,
      originalError: error instanceof Error ? error : null,
      extensions: { code, serviceName: subgraph },
    });
  if (path.length === 0) return { data: null, errors: rootKeysOf(query).map((key) => at([key])) };
  const firstList = path.indexOf('@');
  throw at(firstList === -1 ? path : path.slice(0, firstList));
}

/** Planned fetches have one operation, and at its root only fields or inline fragments. */
function rootKeysOf(query: string): string[] {
  const operation = parse(query, { noLocation: true }).definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const keys = new Set<string>();
  for (const selection of operation?.selectionSet.selections ?? []) {
    if (selection.kind === Kind.FIELD) keys.add((selection.alias ?? selection.name).value);
  }
  return [...keys];
}
