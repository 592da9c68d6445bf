import type { ProjectionNames } from '@loomgraph/subgraph-kit';
import type { GraphQLFieldResolver } from 'graphql';
import type { RelationshipsContext } from './context.js';

/** What writes the graph. */
const graph: ProjectionNames = { templates: ['template-graph', 'category-graph', 'user-graph'] };

type Resolver = GraphQLFieldResolver<unknown, RelationshipsContext>;

/** A resolver that reads the graph only once it has what the request's sync token stands for. */
export function afterCaughtUp(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    const waiting = context.sync?.caughtUp(graph);
    return waiting ? waiting.then(() => resolve(source, args, context, info)) : resolve(source, args, context, info);
  };
}
