import { buildFederatedSchema } from '@loomgraph/subgraph-kit';
import type { GraphQLSchema } from 'graphql';
import { readableResume, readableVersion } from './access.js';
import { ResumeBackupResolver } from './backup.resolver.js';
import type { ResumesContext } from './context.js';
import { readableJob } from './jobs/job-access.js';
import { JobMutations } from './jobs/job.mutations.js';
import { JobResolver } from './jobs/job.resolver.js';
import { toJob } from './jobs/present-job.js';
import { toResume, toResumeVersion } from './present.js';
import { RecommendationResolver } from './recommendations/recommendation.resolver.js';
import { ResumeMutations } from './resume.mutations.js';
import { ResumeResolver, ResumeVersionResolver } from './resume.resolver.js';
import { ResumeSearchResolver } from './search.resolver.js';
import { ResumeSharingResolver } from './sharing.resolver.js';
import { SuggestionMutations } from './suggestion.mutations.js';
import { SuggestionResolver } from './suggestion.resolver.js';

/** The subgraph's schema over the resolvers it is given. */
export function buildResumesSchema(instances: readonly object[]): Promise<{ schema: GraphQLSchema; sdl: string }> {
  return buildFederatedSchema<ResumesContext>({
    resolvers: [
      ResumeResolver,
      ResumeVersionResolver,
      ResumeMutations,
      ResumeSharingResolver,
      ResumeSearchResolver,
      SuggestionResolver,
      SuggestionMutations,
      JobResolver,
      JobMutations,
      RecommendationResolver,
      ResumeBackupResolver,
    ],
    instances: new Map(instances.map((instance) => [instance.constructor, instance])),
    referenceResolvers: {
      // A reference is no way around who may read it.
      Resume: async ({ id }: { id: string }, context: ResumesContext) => {
        const resume = await readableResume(context, id);
        return resume && toResume(resume);
      },
      ResumeVersion: async ({ id }: { id: string }, context: ResumesContext) => {
        const version = await readableVersion(context, id);
        return version && toResumeVersion(version);
      },
      Job: async ({ id }: { id: string }, context: ResumesContext) => {
        const job = await readableJob(context, id);
        return job && toJob(job);
      },
    },
  });
}

/** The SDL, without stores: nothing is resolved to print it. */
export async function emitSchema(): Promise<string> {
  return (await buildResumesSchema([])).sdl;
}
