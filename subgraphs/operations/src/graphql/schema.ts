import { buildFederatedSchema } from '@loomgraph/subgraph-kit';
import type { GraphQLSchema } from 'graphql';
import type { OperationsContext } from './context.js';
import { DeadLetterResolver } from './dead-letter.resolver.js';
import { SyncJobResolver } from './sync-job.resolver.js';
import { SyncStatusResolver } from './sync-status.resolver.js';

/** The subgraph's schema over the resolvers it is given. */
export function buildOperationsSchema(instances: readonly object[]): Promise<{ schema: GraphQLSchema; sdl: string }> {
  return buildFederatedSchema<OperationsContext>({
    resolvers: [SyncStatusResolver, SyncJobResolver, DeadLetterResolver],
    instances: new Map(instances.map((instance) => [instance.constructor, instance])),
    referenceResolvers: {},
  });
}

/** The SDL, without stores: nothing is resolved to print it. */
export async function emitSchema(): Promise<string> {
  return (await buildOperationsSchema([])).sdl;
}
