import { buildFederatedSchema, type ReferenceResolver, type SchemaOptions } from '@loomgraph/subgraph-kit';
import type { GraphQLSchema } from 'graphql';
import type { AccountsContext } from './context.js';
import { toUser } from './present.js';
import { SessionResolver } from './session.resolver.js';
import { UserResolver } from './user.resolver.js';

/** A class of resolvers; its instance is made in the composition root. */
export type ResolverClass = abstract new (...deps: never[]) => object;

/** What a module adds to the schema. */
export interface SchemaPart {
  readonly resolvers: readonly ResolverClass[];
  readonly referenceResolvers?: Readonly<Record<string, ReferenceResolver<AccountsContext, never>>>;
}

/** The subgraph's schema over the resolvers it is given, its modules' among them. */
export function buildAccountsSchema(
  parts: readonly SchemaPart[],
  instances: readonly object[],
): Promise<{ schema: GraphQLSchema; sdl: string }> {
  const resolvers = [SessionResolver, UserResolver, ...parts.flatMap((part) => part.resolvers)];
  return buildFederatedSchema<AccountsContext>({
    resolvers: resolvers as unknown as SchemaOptions<AccountsContext>['resolvers'], // the library wants a non-empty tuple of functions
    instances: new Map(instances.map((instance) => [instance.constructor, instance])),
    referenceResolvers: {
      User: async ({ id }: { id: string }, context: AccountsContext) => {
        const user = await context.loaders.user.load(id);
        if (!user) return null;
        const { allowed } = await context.authorizer.check(context.identity, 'read', { type: 'user', id, ownerId: id });
        return toUser(user, allowed ? 'permitted' : context.identity);
      },
      ...Object.assign({}, ...parts.map((part) => part.referenceResolvers ?? {})),
    },
  });
}
