import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { defineSubgraph, type Subgraph, type SubgraphRequest } from '@loomgraph/subgraph-kit';
import {
  isAbstractType,
  isInterfaceType,
  isObjectType,
  parse,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { asynchronous } from './asynchronous.ts';
import { markProvided, parseProvided, providedWith } from './provided.ts';
import { findByRepresentation, type Representation } from './references.ts';
import { resolverOf } from './resolvers/table.ts';
import { installScalars } from './scalars.ts';
import type { World, Worlds } from './world.ts';

export const SUBGRAPHS = ['catalog', 'people', 'reviews', 'media', 'stock', 'orders'] as const;

interface Context {
  readonly world: World;
}

const REPRESENTATION = Symbol('representation');

export function readSdl(subgraph: string): string {
  return readFileSync(new URL(`./sdl/${subgraph}.graphql`, import.meta.url), 'utf8');
}

/** The subgraphs of the test supergraph. Fetches with one request id see one world. */
export function createSubgraphs(worlds: Worlds): readonly Subgraph[] {
  return SUBGRAPHS.map((name) => {
    const sdl = readSdl(name);
    const schema = buildSubgraphSchema(parse(sdl));
    installScalars(schema);
    installResolvers(name, schema);
    return defineSubgraph({
      name,
      sdl,
      schema,
      createContext: ({ requestId }: SubgraphRequest): Context => ({ world: worlds.of(requestId) }),
    });
  });
}

function installResolvers(subgraph: string, schema: GraphQLSchema): void {
  const resolveReference = (reference: Representation, { world }: Context): unknown => {
    const found = findByRepresentation(subgraph, reference, world);
    return found && { ...found, [REPRESENTATION]: reference };
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('_')) continue;
    if (isAbstractType(type)) type.resolveType = (source: { __typename: string }) => source.__typename;
    if (isObjectType(type) || isInterfaceType(type)) type.extensions = { ...type.extensions, apollo: { subgraph: { resolveReference } } };
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (!field.name.startsWith('_')) field.resolve = withProvided(field, resolveField(type, field));
    }
  }
}

/** @external fields and fields with @requires answer only what a correct plan asks of them. */
function resolveField(type: GraphQLObjectType, field: GraphQLField<unknown, Context>): GraphQLFieldResolver<unknown, Context> {
  const coordinate = `${type.name}.${field.name}`;
  const resolver = resolverOf(type, field.name);
  if (resolver && 'required' in resolver) {
    return (source, args) => {
      // Set in resolveReference alone.
      const representation = (source as { [REPRESENTATION]?: Representation })[REPRESENTATION];
      if (!representation) throw new Error(`${coordinate} was asked without an entity fetch.`);
      return resolver.resolve(representation as never, args as never); // the table says which form it expects
    };
  }
  const resolve: GraphQLFieldResolver<unknown, Context> = resolver
    ? (source, args, { world }) => resolver(source as never, args as never, world) // the table says which form it expects
    : (source) => (source as Record<string, unknown>)[field.name]; // sources are records or parts of them
  if (!isExternal(field)) return resolve;
  return (source, args, context, info) => {
    if (!(field.name in providedWith(source))) throw new Error(`${coordinate} is external here and not provided.`);
    return resolve(source, args, context, info);
  };
}

function withProvided(
  field: GraphQLField<unknown, Context>,
  resolve: GraphQLFieldResolver<unknown, Context>,
): GraphQLFieldResolver<unknown, Context> {
  const argument = field.astNode?.directives?.find(({ name }) => name.value === 'provides')?.arguments?.[0]?.value;
  const own = argument?.kind === 'StringValue' ? parseProvided(argument.value) : undefined;
  return async (source, args, context, info) => {
    const provided = own ?? providedWith(source)[field.name];
    const value: unknown = await resolve(source, args, context, info);
    return asynchronous(field.type, provided === undefined ? value : markProvided(value, provided));
  };
}

function isExternal(field: GraphQLField<unknown, Context>): boolean {
  return field.astNode?.directives?.some(({ name }) => name.value === 'external') ?? false;
}
