import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { LockMode } from '@mikro-orm/core';
import { archivePrefix, stagingKey, userPrefix } from '../domain/object-keys.js';
import {
  ResumeBackupEntity,
  ResumeCheckEntity,
  ResumeEntity,
  ResumeGroupEntity,
  ResumeRestoreEntity,
  ResumeUploadEntity,
  ResumeVersionEntity,
  ShareLinkEntity,
  SuggestionFeedbackEntity,
  UnderstandingEntity,
} from './entities.js';
import { rememberErased } from './erased-users.js';
import { forgetPoster } from './jobs/job-user-data.js';
import { removePassages } from './passages.js';
import { enqueueRemoval } from './removals.js';
import { removeSuggestions } from './suggestions.js';

/** Stands where somebody was who did something to another one's resume. */
export const ERASED_USER = 'erased';

/**
 * Removes a user from this subgraph's record and, once that is committed, from the object store; applying it again changes nothing.
 *
 * 1. Their resumes go, whoever uploaded a version: versions, files, links, what was being uploaded, what is searched of them.
 * 2. What they asked about resumes goes, and what others asked about theirs; so does what they said of suggestions.
 * 3. Backups of their resumes go, and archives that were uploaded for them.
 * 4. What they did to the resumes of others (an administrator's upload, say) stays, done by `erased`; so do jobs, which are their companies'.
 */
export async function eraseUser(
  em: EntityManager,
  { store, folder }: { readonly store: RelationalStore; readonly folder: string },
  userId: string,
  at: Date,
): Promise<void> {
  await rememberErased(em, store, userId, at);
  const resumes = await em.find(ResumeEntity, { userId }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
  const ids = resumes.map(({ id }) => id);
  for (const { id } of await em.find(ResumeUploadEntity, { userId }))
    await enqueueRemoval(store, em, { id, where: { key: stagingKey(folder, id) } });
  await em.nativeDelete(ResumeUploadEntity, { userId });
  await em.nativeDelete(ResumeVersionEntity, { userId });
  await em.nativeDelete(UnderstandingEntity, { userId });
  await removePassages(em, store, ids);
  for (const column of ['user_id', 'owner_id'] as const) await removeSuggestions(em, store, column, userId);
  await em.nativeDelete(SuggestionFeedbackEntity, { userId });
  if (ids.length > 0) {
    await em.nativeDelete(ShareLinkEntity, { resumeId: { $in: ids } });
    await em.nativeDelete(ResumeGroupEntity, { resumeId: { $in: ids } });
  }
  for (const resume of resumes) em.remove(resume);
  await em.nativeDelete(ResumeBackupEntity, { userId });
  await em.nativeDelete(ResumeRestoreEntity, { userId });
  await em.nativeUpdate(ResumeBackupEntity, { requestedBy: userId }, { requestedBy: ERASED_USER });
  await em.nativeUpdate(ResumeRestoreEntity, { requestedBy: userId }, { requestedBy: ERASED_USER });
  await em.nativeUpdate(ResumeCheckEntity, { requestedBy: userId }, { requestedBy: ERASED_USER });
  await em.nativeUpdate(ResumeVersionEntity, { createdBy: userId }, { createdBy: ERASED_USER });
  await em.nativeUpdate(ResumeUploadEntity, { createdBy: userId }, { createdBy: ERASED_USER });
  await em.nativeUpdate(ShareLinkEntity, { createdBy: userId }, { createdBy: ERASED_USER });
  await em.nativeUpdate(ResumeGroupEntity, { addedBy: userId }, { addedBy: ERASED_USER });
  await forgetPoster(em, userId, ERASED_USER);
  await em.flush();
  // The task's key is not the user's name: it would be the last thing that holds it.
  const task = `user-${at.getTime()}-${ids[0] ?? ''}`;
  await enqueueRemoval(store, em, { id: task, where: { prefix: userPrefix(folder, userId) } });
  await enqueueRemoval(store, em, { id: `archives-${task}`, where: { prefix: archivePrefix(folder, userId) } });
}
