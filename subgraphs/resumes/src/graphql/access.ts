import { forbidden, requireIdentity, requirePermission, type Identity, type ResourceRef } from '@loomgraph/auth';
import { ResumeNotFound, VersionNotFound } from '../domain/errors.js';
import type { Resume, ResumeVersion } from '../domain/resume.js';
import { SuggestionNotFound } from '../domain/suggestions/errors.js';
import type { Suggestion } from '../domain/suggestions/suggestion.js';
import type { ResumesContext } from './context.js';

export type ResumeAction = 'read' | 'update' | 'delete' | 'backup';

/** Whether the caller may do it to this resume: its owner, who was granted it, members of the groups it is shared with (reading), administrators. */
export async function mayDo(context: ResumesContext, action: ResumeAction, resume: Resume): Promise<boolean> {
  return (await context.authorizer.check(context.identity, action, await resourceOf(context, resume))).allowed;
}

/** A resume that the caller may read; null where there is none. */
export async function readableResume(context: ResumesContext, id: string): Promise<Resume | null> {
  const resume = await context.loaders.resume.load(id);
  return resume && (await mayDo(context, 'read', resume)) ? resume : null;
}

/** A version of a resume that the caller may read; null where there is none. */
export async function readableVersion(context: ResumesContext, id: string): Promise<ResumeVersion | null> {
  const version = await context.loaders.version.load(id);
  return version && (await readableResume(context, version.resumeId)) ? version : null;
}

/**
 * The caller, who may do it to the resume. Whoever may not read it does not learn that it is there.
 * @throws LoomError UNAUTHENTICATED, FORBIDDEN; ResumeNotFound
 */
export async function requireResume(context: ResumesContext, action: ResumeAction, id: string): Promise<Identity> {
  const identity = requireIdentity(context.identity);
  const resume = await readableResume(context, id);
  if (!resume) throw new ResumeNotFound(id);
  if (!(await mayDo(context, action, resume))) throw forbidden(action, await resourceOf(context, resume));
  return identity;
}

/** As `requireResume`, of the resume that a version is of. @throws VersionNotFound */
export async function requireVersion(context: ResumesContext, action: ResumeAction, id: string): Promise<Identity> {
  requireIdentity(context.identity);
  const version = await readableVersion(context, id);
  if (!version) throw new VersionNotFound(id);
  return requireResume(context, action, version.resumeId);
}

export type SuggestionAction = 'read' | 'rate';

/** A suggestion that the caller may see: who asked for it, administrators; null where there is none. */
export async function readableSuggestion({ authorizer, identity, loaders }: ResumesContext, id: string): Promise<Suggestion | null> {
  const suggestion = await loaders.suggestion.load(id);
  return suggestion && (await authorizer.check(identity, 'read', suggestionRef(suggestion))).allowed ? suggestion : null;
}

/** As `requireResume`, of a suggestion. @throws LoomError UNAUTHENTICATED, FORBIDDEN; SuggestionNotFound */
export async function requireSuggestion(context: ResumesContext, action: SuggestionAction, id: string): Promise<Identity> {
  const identity = requireIdentity(context.identity);
  const suggestion = await readableSuggestion(context, id);
  if (!suggestion) throw new SuggestionNotFound(id);
  return requirePermission(context.authorizer, identity, { action, resource: suggestionRef(suggestion) });
}

const suggestionRef = ({ id, userId: ownerId }: Suggestion): ResourceRef => ({ type: 'resume-suggestion', id, ownerId });

async function resourceOf({ identity, loaders }: ResumesContext, { id, userId: ownerId }: Resume): Promise<ResourceRef> {
  // Who owns it needs no group.
  const groupIds = identity === null || identity.userId === ownerId ? [] : await loaders.groups.load(id);
  return { type: 'resume', id, ownerId, groupIds };
}
