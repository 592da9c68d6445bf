import type { RestRoute } from '@loomgraph/subgraph-kit';
import type { GraphQLSchema } from 'graphql';
import type { LiveEngine } from '../execution/create-engine.js';
import { readRouteOperation, type RouteOperation } from './route-operation.js';

/** The routes whose operations the schema that serves can answer; read again when it changes. */
export interface ServedRoutes {
  current(): readonly RouteOperation[];
  schema(): GraphQLSchema;
}

export function createServedRoutes(engine: Pick<LiveEngine, 'apiSchema'>, routes: readonly RestRoute[]): ServedRoutes {
  let schema: GraphQLSchema | undefined;
  let operations: readonly RouteOperation[] = [];
  return {
    schema: () => engine.apiSchema(),
    current() {
      const serving = engine.apiSchema();
      if (serving !== schema) {
        schema = serving;
        operations = routes.flatMap((route) => readRouteOperation(route, serving) ?? []);
      }
      return operations;
    },
  };
}
