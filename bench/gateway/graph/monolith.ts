import { Supergraph } from '@apollo/federation-internals';
import { execute, parse, validate, type GraphQLSchema } from 'graphql';
import { createShop } from './data.ts';
import { attachResolvers, shopResolvers } from './resolvers.ts';
import type { Operation } from './operation.ts';

/** Answers operations over the whole shop with graphql-js, without any federation: what every gateway has to answer. */
export function createMonolith(seed: number, supergraphSdl: string): (operation: Operation) => unknown {
  const schema: GraphQLSchema = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
  for (const resolvers of Object.values(shopResolvers(createShop(seed)))) attachResolvers(schema, resolvers);
  return ({ query, variables }) => {
    const document = parse(query);
    const problems = validate(schema, document);
    if (problems.length > 0) throw new Error(`The bench asks what is not in its schema: ${problems.join('; ')}\n${query}`);
    const answer = execute({ schema, document, variableValues: variables });
    if (answer instanceof Promise) throw new TypeError('Resolvers of the shop are synchronous.');
    return JSON.parse(JSON.stringify(answer)) as unknown;
  };
}
