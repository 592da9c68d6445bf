import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { isInterfaceType, isObjectType, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import { buildSchema, createResolversMap, type BuildSchemaOptions } from 'type-graphql';
import { validateArgument } from './validate-argument.js';

/** The federation version and directives every code-first subgraph links. */
const FEDERATION_LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@tag", "@interfaceObject", "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize"])`;

/** Resolves a representation (`__typename` and key fields) to the entity or null. */
export type ReferenceResolver<Context, Reference = Record<string, unknown>> = (reference: Reference, context: Context) => unknown;

/** A directive of a specification other than federation's that is to stand in the supergraph, too. */
export interface ComposedDirective {
  /** With its `@`. */
  readonly name: string;
  /** Ends in name and version: `https://example.com/audit/v1.0`. */
  readonly specUrl: string;
  /** `directive @audit(level: Int) on OBJECT`. */
  readonly definition: string;
}

export interface SchemaOptions<Context> {
  readonly resolvers: BuildSchemaOptions['resolvers'];
  /** class → instance; services are built in `app.ts`. */
  readonly instances: ReadonlyMap<unknown, object>;
  readonly orphanedTypes?: BuildSchemaOptions['orphanedTypes'];
  readonly scalarsMap?: BuildSchemaOptions['scalarsMap'];
  readonly composedDirectives?: readonly ComposedDirective[];
  /** One per type with a resolvable `@key`. */
  readonly referenceResolvers: Readonly<Record<string, ReferenceResolver<Context, never>>>;
}

/**
 * Builds a federated schema from type-graphql classes. type-graphql's own `buildTypeDefsAndResolvers` drops directives, so the SDL is
 * printed with them and handed to Apollo's `buildSubgraphSchema`.
 * @throws Error when a type with a resolvable key has no reference resolver, or the other way round.
 */
export async function buildFederatedSchema<Context>(options: SchemaOptions<Context>): Promise<{ schema: GraphQLSchema; sdl: string }> {
  const typeGraphql = await buildSchema({
    resolvers: options.resolvers,
    orphanedTypes: options.orphanedTypes ?? [],
    scalarsMap: options.scalarsMap ?? [],
    container: { get: (cls: unknown) => options.instances.get(cls) },
    pubSub: noPubSub,
    validateFn: (value: unknown) => validateArgument(value),
    // The gateway masks; a subgraph must not print schemas to disk or guess types from metadata.
    emitSchemaFile: false,
  });
  const links = [FEDERATION_LINK, ...(options.composedDirectives ?? []).map(composing)];
  const sdl = `${links.join('\n\n')}\n\n${printSchemaWithDirectives(typeGraphql)}\n`;
  const resolvers = createResolversMap(typeGraphql) as Record<string, Record<string, unknown>>;
  for (const [typeName, resolve] of Object.entries(options.referenceResolvers)) {
    resolvers[typeName] = { ...resolvers[typeName], __resolveReference: resolve };
  }
  const typeDefs = parse(sdl);
  assertReferenceResolvers(typeDefs, typeGraphql, options.referenceResolvers);
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]);
  return { schema, sdl };
}

/** type-graphql asks for one where there are subscriptions. Ours say themselves where their events come from. */
const noPubSub: NonNullable<BuildSchemaOptions['pubSub']> = {
  publish: () => {
    throw new Error('Events are published by the outbox.');
  },
  subscribe: () => {
    throw new Error('A subscription needs a `subscribe` of its own, or `@subscriptionTopic`.');
  },
};

/** Federation's own directives are there by their full name without being imported. */
function composing({ name, specUrl, definition }: ComposedDirective): string {
  return `extend schema @link(url: "${specUrl}", import: ["${name}"]) @federation__composeDirective(name: "${name}")\n\n${definition}`;
}

function assertReferenceResolvers(typeDefs: DocumentNode, schema: GraphQLSchema, resolvers: Readonly<Record<string, unknown>>): void {
  const keyed = new Set<string>();
  for (const definition of typeDefs.definitions) {
    if (definition.kind !== 'ObjectTypeDefinition' && definition.kind !== 'InterfaceTypeDefinition') continue;
    const resolvable = (definition.directives ?? []).some(
      (directive) =>
        directive.name.value === 'key' &&
        !directive.arguments?.some((a) => a.name.value === 'resolvable' && a.value.kind === 'BooleanValue' && !a.value.value),
    );
    if (resolvable) keyed.add(definition.name.value);
  }
  for (const name of keyed) if (!resolvers[name]) throw new Error(`Type ${name} has a resolvable @key and no reference resolver.`);
  for (const name of Object.keys(resolvers)) {
    const type = schema.getType(name);
    if (!keyed.has(name) || !(isObjectType(type) || isInterfaceType(type))) {
      throw new Error(`A reference resolver is given for ${name}, which has no resolvable @key.`);
    }
  }
}
