import { execute, parse, type GraphQLSchema } from 'graphql';
import type { Expectation } from '../compare/compare-answers.ts';
import type { Operation } from '../operation.ts';
import { buildLenientTwin } from '../supergraph/lenient-twin.ts';
import { buildMonolith, composeApiSdl } from '../supergraph/monolith.ts';
import { createWorld } from '../supergraph/world.ts';

/** What an executor of the test supergraph must answer. */
export interface Monolith {
  /** What clients see: operations are generated and validated against it. */
  readonly schema: GraphQLSchema;
  expect(operation: Operation): Promise<Expectation>;
}

export function createMonolith(): Monolith {
  const apiSdl = composeApiSdl();
  const schema = buildMonolith(apiSdl);
  const twin = buildLenientTwin(apiSdl);
  const run = async (of: GraphQLSchema, { query, operationName, variables }: Operation) =>
    execute({ schema: of, document: parse(query), operationName, variableValues: variables, contextValue: createWorld() });
  return {
    schema,
    expect: async (operation) => ({ answer: await run(schema, operation), possible: await run(twin, operation) }),
  };
}
