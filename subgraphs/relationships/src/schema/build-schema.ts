import { buildSubgraphSchema } from '@apollo/subgraph';
import { Neo4jGraphQL } from '@neo4j/graphql';
import { isObjectType, parse, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { afterCaughtUp } from '../graphql/caught-up.js';
import { resolveConnection } from '../graphql/connection.js';
import type { RelationshipsContext } from '../graphql/context.js';
import { withPageLimits } from '../graphql/page-limits.js';
import { createReferenceResolver } from '../graphql/reference.js';
import { federate } from './federate.js';
import { entities, typeDefs } from './type-defs.js';

type Resolvers = Record<string, Record<string, GraphQLFieldResolver<unknown, RelationshipsContext>>>;

/**
 * The library generates schema and resolvers; they are put together again as a subgraph here rather than by its own
 * `getSubgraphSchema`, which asks the database before it answers even `_service` and resolves one entity per statement. No server is
 * needed.
 */
export async function buildRelationshipsSchema(options: { labelPrefix?: string } = {}): Promise<{ schema: GraphQLSchema; sdl: string }> {
  const generated = await new Neo4jGraphQL({
    typeDefs: typeDefs(options.labelPrefix ?? ''),
    features: {
      excludeDeprecatedFields: {
        aggregationFilters: true,
        aggregationFiltersOutsideConnection: true,
        attributeFilters: true,
        relationshipFilters: true,
      },
    },
  }).getSchema();
  const sdl = federate(generated);
  const document = parse(sdl);
  const resolvers = resolversOf(
    generated,
    new Set(document.definitions.flatMap((node) => ('name' in node && node.name ? [node.name.value] : []))),
  );
  const query = resolvers['Query'] ?? {};
  const schema = buildSubgraphSchema([
    { typeDefs: document, resolvers: { ...resolvers, ...entityResolvers(resolvers, query), Query: limitedRoots(query) } as never },
  ]);
  return { schema, sdl };
}

/** Federation SDL of the subgraph, for `schema.graphql`. */
export async function emitSchema(): Promise<string> {
  return (await buildRelationshipsSchema()).sdl;
}

/** The library's resolvers of every type that is still there. */
function resolversOf(schema: GraphQLSchema, typeNames: ReadonlySet<string>): Resolvers {
  const resolvers: Resolvers = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !typeNames.has(type.name)) continue;
    resolvers[type.name] = Object.fromEntries(
      Object.values(type.getFields()).flatMap(({ name, resolve }) => (resolve ? [[name, resolve]] : [])),
    );
  }
  return resolvers;
}

function entityResolvers(resolvers: Resolvers, query: Resolvers[string]): Record<string, object> {
  return Object.fromEntries(
    Object.entries(entities).map(([typeName, rootField]) => {
      const fields = Object.entries(resolvers[typeName] ?? {}).map(([name, resolve]) => [
        name,
        name.endsWith('Connection') ? resolveConnection : resolve,
      ]);
      return [
        typeName,
        {
          ...Object.fromEntries(fields),
          __resolveReference: createReferenceResolver({ typeName, rootField, list: rootResolver(query, rootField) }),
        },
      ];
    }),
  );
}

function limitedRoots(query: Resolvers[string]): Resolvers[string] {
  return Object.fromEntries(Object.values(entities).map((name) => [name, withPageLimits(rootResolver(query, name))]));
}

function rootResolver(query: Resolvers[string], name: string): GraphQLFieldResolver<unknown, RelationshipsContext> {
  const resolver = query[name];
  if (!resolver) throw new Error(`@neo4j/graphql generated no root field ${name}.`);
  return afterCaughtUp(resolver);
}
