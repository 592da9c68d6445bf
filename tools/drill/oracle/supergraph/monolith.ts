import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import {
  buildSchema,
  isAbstractType,
  isObjectType,
  parse,
  printSchema,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { asynchronous } from './asynchronous.ts';
import { assertEveryResolverIsUsed, resolverOf } from './resolvers/table.ts';
import { installScalars } from './scalars.ts';
import { readSdl, SUBGRAPHS } from './subgraphs.ts';
import type { World } from './world.ts';

/** The schema clients of the test supergraph see, as SDL. */
export function composeApiSdl(): string {
  const { supergraphSdl, errors } = composeServices(
    SUBGRAPHS.map((name) => ({ name, url: `http://${name}`, typeDefs: parse(readSdl(name)) })),
  );
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'The test supergraph does not compose.');
  return printSchema(Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema());
}

/** One executable schema over the same records: what every federated answer is compared with. Its context value is a `World`. */
export function buildMonolith(apiSdl: string): GraphQLSchema {
  const schema = buildSchema(apiSdl);
  assertEveryResolverIsUsed(schema);
  installTypes(schema, (field, resolve) => {
    field.resolve = (source, args, world, info) => asynchronous(field.type, resolve(source, args, world, info));
  });
  return schema;
}

/** Scalars, runtime types, and whatever `install` makes of the resolver of each field. */
export function installTypes(
  schema: GraphQLSchema,
  install: (field: GraphQLField<unknown, World>, resolve: GraphQLFieldResolver<unknown, World>, coordinate: string) => void,
): void {
  installScalars(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isAbstractType(type)) type.resolveType = (source: { __typename: string }) => source.__typename;
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) install(field, resolveField(type, field.name), `${type.name}.${field.name}`);
  }
}

function resolveField(type: GraphQLObjectType, field: string): GraphQLFieldResolver<unknown, World> {
  const resolver = resolverOf(type, field);
  if (!resolver) return async (source) => (source as Record<string, unknown>)[field]; // sources are records or parts of them
  // The table says which form it expects. A throw becomes a rejection.
  if ('required' in resolver)
    return async (source, args, world) => resolver.resolve(resolver.required(source as never, world) as never, args as never);
  return async (source, args, world) => resolver(source as never, args as never, world);
}
