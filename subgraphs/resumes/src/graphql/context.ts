import type { Authorizer, Identity } from '@loomgraph/auth';
import { createLoader, createRequestSync, type RequestSync, type SubgraphRequest, type SyncWaiter } from '@loomgraph/subgraph-kit';
import DataLoader from 'dataloader';
import type { Clock } from '@loomgraph/core';
import type { Job, JobContent } from '../domain/jobs/job.js';
import type { JobReader } from '../domain/jobs/ports.js';
import type { ResumeReader } from '../domain/ports.js';
import type { Resume, ResumeVersion, ShareLink } from '../domain/resume.js';
import type { Suggestion, SuggestionContent, SuggestionFeedback } from '../domain/suggestions/suggestion.js';
import type { Understanding } from '../domain/understanding/understanding.js';

/** What one request's resolvers share; never another's. */
export interface ResumesContext {
  readonly identity: Identity | null;
  /** Who may do what. */
  readonly authorizer: Authorizer;
  readonly requestId: string;
  readonly clientAddress: string | undefined;
  /** When it came: what is open for one part of an answer is for all. */
  readonly now: Date;
  /** What of the request's own writes must be seen; undefined where there is nothing to wait for and nobody to tell. */
  readonly sync: RequestSync | undefined;
  /** They load whatever is asked for; who may see it is asked by `access.ts`. */
  readonly loaders: {
    readonly resume: DataLoader<string, Resume | null, string>;
    readonly version: DataLoader<string, ResumeVersion | null, string>;
    readonly understanding: DataLoader<string, Understanding | null, string>;
    /** The id of the newest version that is understood. */
    readonly understoodVersion: DataLoader<string, string | null, string>;
    readonly versionCount: DataLoader<string, number, string>;
    readonly groups: DataLoader<string, readonly string[], string>;
    readonly shareLinks: DataLoader<string, readonly ShareLink[], string>;
    readonly suggestion: DataLoader<string, Suggestion | null, string>;
    readonly suggestionContent: DataLoader<string, SuggestionContent | null, string>;
    /** The caller's. */
    readonly suggestionFeedback: DataLoader<string, SuggestionFeedback | null, string>;
    readonly job: DataLoader<string, Job | null, string>;
    readonly jobContent: DataLoader<string, JobContent | null, string>;
  };
}

export function createResumesContext(deps: {
  reader: ResumeReader & JobReader;
  authorizer: Authorizer;
  subgraph: string;
  syncTokens: SyncWaiter;
  clock: Clock;
}): (request: SubgraphRequest) => ResumesContext {
  const { reader, authorizer, subgraph, syncTokens, clock } = deps;
  return ({ identity, requestId, clientAddress, sync }) => ({
    identity,
    authorizer,
    requestId,
    clientAddress,
    now: clock.now(),
    sync: createRequestSync(subgraph, sync, syncTokens),
    loaders: {
      resume: createLoader({ load: (ids: readonly string[]) => reader.resumesByIds(ids), keyOf: (resume) => resume.id }),
      version: createLoader({ load: (ids: readonly string[]) => reader.versionsByIds(ids), keyOf: (version) => version.id }),
      understanding: createLoader({ load: (ids: readonly string[]) => reader.understandingsOf(ids), keyOf: ({ versionId }) => versionId }),
      understoodVersion: new DataLoader<string, string | null, string>(async (ids) => {
        const versions = await reader.understoodVersionsOf(ids);
        return ids.map((id) => versions.get(id) ?? null);
      }),
      versionCount: new DataLoader<string, number, string>(async (ids) => {
        const counts = await reader.countVersions(ids);
        return ids.map((id) => counts.get(id) ?? 0);
      }),
      groups: new DataLoader<string, readonly string[], string>(async (ids) => {
        const groups = await reader.groupsOf(ids);
        return ids.map((id) => groups.get(id) ?? []);
      }),
      shareLinks: new DataLoader<string, readonly ShareLink[], string>(async (ids) => {
        const byResume = Map.groupBy(await reader.shareLinksOf(ids), ({ resumeId }) => resumeId);
        return ids.map((id) => byResume.get(id) ?? []);
      }),
      suggestion: createLoader({ load: (ids: readonly string[]) => reader.suggestionsByIds(ids), keyOf: ({ id }) => id }),
      suggestionContent: createLoader({ load: (ids: readonly string[]) => reader.contentsOf(ids), keyOf: ({ id }) => id }),
      suggestionFeedback: createLoader({
        load: async (ids: readonly string[]) => (identity ? reader.feedbackOf(ids, identity.userId) : []),
        keyOf: ({ suggestionId }) => suggestionId,
      }),
      job: createLoader({ load: (ids: readonly string[]) => reader.jobsByIds(ids), keyOf: ({ id }) => id }),
      jobContent: createLoader({ load: (ids: readonly string[]) => reader.jobContentsOf(ids), keyOf: ({ id }) => id }),
    },
  });
}
