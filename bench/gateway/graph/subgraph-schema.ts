import { buildASTSchema, concatAST, parse, type GraphQLSchema } from 'graphql';
import type { Shop } from './data.ts';
import { attachResolvers, referenceResolver, shopResolvers, type Representation } from './resolvers.ts';
import { SDL, type SubgraphName } from './sdl.ts';

/** An executable subgraph: its own fields, `_service` and `_entities`. */
export function createSubgraphSchema(shop: Shop, name: SubgraphName): GraphQLSchema {
  const own = parse(SDL[name]);
  const entities = own.definitions.flatMap((definition) =>
    definition.kind === 'ObjectTypeDefinition' && definition.directives?.some((directive) => directive.name.value === 'key')
      ? [definition.name.value]
      : [],
  );
  const machinery = parse(`
    scalar _Any
    union _Entity = ${entities.join(' | ')}
    type _Service { sdl: String! }
    ${own.definitions.some((one) => one.kind === 'ObjectTypeDefinition' && one.name.value === 'Query') ? 'extend type' : 'type'} Query {
      _service: _Service!
      _entities(representations: [_Any!]!): [_Entity]!
    }`);
  // Directives of federation are not defined in the text: composition knows them, and execution does not look at them.
  const schema = buildASTSchema(concatAST([own, machinery]), { assumeValidSDL: true });
  const resolvers = shopResolvers(shop)[name];
  const resolveReference = referenceResolver(shop, name);
  attachResolvers(schema, {
    ...resolvers,
    Query: {
      ...resolvers['Query'],
      _service: () => ({ sdl: SDL[name] }),
      _entities: (_: unknown, { representations }: { representations: readonly Representation[] }) => representations.map(resolveReference),
    },
  });
  return schema;
}
