import { buildFederatedSchema, subscriptionTopic } from '@loomgraph/subgraph-kit';
import type { GraphQLSchema } from 'graphql';
import type { TemplatesContext } from './context.js';
import { ImportMutation } from './import.mutation.js';
import { toTemplate } from './present.js';
import { TemplateRecommendationResolver } from './recommendation.resolver.js';
import { Resume } from './recommendation.type.js';
import { TemplateSearchResolver } from './search.resolver.js';
import { TemplateMutations } from './template.mutations.js';
import { TemplateResolver } from './template.resolver.js';
import { TemplateSubscriptions } from './template.subscriptions.js';

/** The subgraph's schema over the resolvers it is given. */
export function buildTemplatesSchema(instances: readonly object[]): Promise<{ schema: GraphQLSchema; sdl: string }> {
  return buildFederatedSchema<TemplatesContext>({
    resolvers: [
      TemplateResolver,
      TemplateSearchResolver,
      TemplateRecommendationResolver,
      TemplateMutations,
      ImportMutation,
      TemplateSubscriptions,
    ],
    composedDirectives: [subscriptionTopic],
    instances: new Map(instances.map((instance) => [instance.constructor, instance])),
    // No field of this subgraph leads to one.
    orphanedTypes: [Resume],
    referenceResolvers: {
      // With what of it was required: nothing of it is kept here.
      Resume: (reference: { id: string }) => reference,
      Template: async ({ id }: { id: string }, context: TemplatesContext) => {
        const template = await context.loaders.referencedTemplate.load(id);
        return template && toTemplate(template);
      },
      TemplateCategory: ({ id }: { id: string }, context: TemplatesContext) => context.loaders.category.load(id),
    },
  });
}

/** The SDL, without stores: nothing is resolved to print it. */
export async function emitSchema(): Promise<string> {
  return (await buildTemplatesSchema([])).sdl;
}
