import type { GraphQLFieldResolver } from 'graphql';
import type { RelationshipsContext } from './context.js';
import { checkPages } from './page-limits.js';

type Resolver = GraphQLFieldResolver<unknown, RelationshipsContext>;

/** A resolver of the library with the operation's pages checked first and its statement run by the context. */
export function guarded(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    checkPages(info, context.checked);
    return context.run(info.fieldName, async () => resolve(source, args, context, info));
  };
}
