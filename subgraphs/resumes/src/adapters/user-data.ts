import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { defineConsumer, type Consumer } from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import {
  ResumeBackupEntity,
  ResumeEntity,
  ResumeGroupEntity,
  ResumeRestoreEntity,
  ResumeVersionEntity,
  ShareLinkEntity,
  SuggestionEntity,
  SuggestionFeedbackEntity,
} from '../store/entities.js';
import { jobsPostedBy } from '../store/jobs/job-user-data.js';
import { eraseUser } from '../store/user-erasure.js';

/** Somebody with very many resumes takes a while. */
const TIME_LIMIT_MS = 300_000;

/**
 * Does what the accounts subgraph asks of everyone who holds data of users: writes it out for an export, removes it for an erasure. Events of one
 * user come in order, and repeating either changes nothing.
 */
export function userData(deps: {
  readonly store: RelationalStore;
  readonly objects: () => Promise<Objects>;
  readonly folder: string;
  readonly subgraph: string;
  /** Told once files are to go. */
  readonly onErased: () => void;
}): Consumer {
  const { store, objects, folder, subgraph, onErased } = deps;
  return defineConsumer({
    name: 'resumes-user-data',
    topic: 'accounts-events',
    policy: { timeLimitMs: TIME_LIMIT_MS },
    replay: 'idempotent',
    events: {
      'accounts.user-erased': async ({ payload: { userId, erasedAt } }, { em }) => {
        await eraseUser(em, { store, folder }, userId, new Date(erasedAt));
        onErased();
      },
      'accounts.export-requested': async ({ payload: { userId, objectPrefix } }, { em }) => {
        const body = Buffer.from(JSON.stringify(await dataOf(em, userId)));
        await (await objects()).put(`${objectPrefix}${subgraph}.json`, body, { contentType: 'application/json' });
      },
    },
  });
}

/** Without the files: each is known by its checksum, and `resumes` has links to download them. */
async function dataOf(em: EntityManager, userId: string): Promise<object> {
  const resumes = await em.find(ResumeEntity, { userId }, { orderBy: { id: 'asc' } });
  const versions = await em.find(ResumeVersionEntity, { userId }, { orderBy: { resumeId: 'asc', number: 'asc' } });
  const ids = resumes.map(({ id }) => id);
  const links = ids.length === 0 ? [] : await em.find(ShareLinkEntity, { resumeId: { $in: ids } }, { orderBy: { id: 'asc' } });
  const groups = ids.length === 0 ? [] : await em.find(ResumeGroupEntity, { resumeId: { $in: ids } }, { orderBy: { groupId: 'asc' } });
  return {
    suggestions: await suggestionsOf(em, userId),
    jobs: await jobsPostedBy(em, userId),
    ...(await archivesOf(em, userId)),
    resumes: resumes.map(({ id, title, language, createdAt, updatedAt }) => ({
      id,
      title,
      language,
      createdAt,
      updatedAt,
      versions: versions
        .filter(({ resumeId }) => resumeId === id)
        .map(({ id: versionId, number, fileName, contentType, sizeBytes, sha256, comment, createdAt: at }) => ({
          id: versionId,
          number,
          fileName,
          contentType,
          sizeBytes,
          sha256,
          comment,
          createdAt: at,
        })),
      sharedWithGroups: groups.filter(({ resumeId }) => resumeId === id).map(({ groupId }) => groupId),
      shareLinks: links
        .filter(({ resumeId }) => resumeId === id)
        .map(({ id: linkId, versionId, createdAt: at, expiresAt, revokedAt, uses }) => ({
          id: linkId,
          versionId,
          createdAt: at,
          expiresAt,
          revokedAt,
          uses,
        })),
    })),
  };
}

/** That there are archives; `resumeBackups` has links to download them. */
async function archivesOf(em: EntityManager, userId: string): Promise<object> {
  const options = { orderBy: { id: 'asc' } } as const;
  const backups = await em.find(ResumeBackupEntity, { userId }, options);
  const restores = await em.find(ResumeRestoreEntity, { userId }, options);
  return {
    backups: backups.map(({ id, resumeId, state, resumes, total, sizeBytes, sha256, createdAt, expiresAt }) => ({
      id,
      resumeId,
      state,
      resumes,
      files: total,
      sizeBytes,
      sha256,
      createdAt,
      expiresAt,
    })),
    restores: restores.map(({ id, backupId, policy, state, outcomes, createdAt, expiresAt }) => ({
      id,
      backupId,
      policy,
      state,
      outcomes: JSON.parse(outcomes) as unknown,
      createdAt,
      expiresAt,
    })),
  };
}

/** What they asked, and what they said of the answers. Of an answer about somebody else's resume only the score: the rest quotes that. */
async function suggestionsOf(em: EntityManager, userId: string): Promise<readonly object[]> {
  const asked = await em.find(SuggestionEntity, { userId }, { populate: ['jobText', 'result'], orderBy: { id: 'asc' } });
  const feedback = await em.find(SuggestionFeedbackEntity, { userId });
  const said = new Map(feedback.map(({ suggestionId, isHelpful, comment }) => [suggestionId, { isHelpful, comment }]));
  return asked.map(({ id, ownerId, versionId, jobTitle, jobText, locale, state, reason, score, createdAt, result }) => ({
    id,
    versionId,
    jobTitle,
    jobText,
    locale,
    state,
    reason,
    score,
    createdAt,
    result: ownerId === userId && result != null ? (JSON.parse(result) as unknown) : null,
    feedback: said.get(id) ?? null,
  }));
}
