import type { RelationalStore } from '@loomgraph/stores/relational';
import type { UnitOfWork } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { resumePrefix, stagingKey } from '../domain/object-keys.js';
import type { ResumeUnitOfWork, ResumeWriter } from '../domain/ports.js';
import type { Resume } from '../domain/resume.js';
import { backupWriter } from './backup.writer.js';
import {
  ResumeEntity,
  ResumeGroupEntity,
  ResumeUploadEntity,
  ResumeVersionEntity,
  ShareLinkEntity,
  UnderstandingEntity,
} from './entities.js';
import { assertNotErased } from './erased-users.js';
import { followNewest, removePassages } from './passages.js';
import { enqueueRemoval } from './removals.js';
import { removeSuggestions, suggestionWriter } from './suggestions.js';
import { queueUnderstanding } from './understandings.js';

export interface ResumeUnitOfWorkOptions {
  readonly store: RelationalStore;
  /** Before every key of this installation; empty, or ending in `/`. */
  readonly folder: string;
}

export function createResumeUnitOfWork(unitOfWork: UnitOfWork, options: ResumeUnitOfWorkOptions): ResumeUnitOfWork {
  return { run: (work) => unitOfWork.run((transaction) => work(createResumeWriter(transaction.em, options))) };
}

/** Writes in the transaction of `em`. */
export function createResumeWriter(em: EntityManager, { store, folder }: ResumeUnitOfWorkOptions): ResumeWriter {
  const locked = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
  /** The domain keeps its own copy: entities change under it. */
  const copy = <T extends object>(entity: T | null): T | null => (entity ? { ...entity } : null);

  return {
    ...suggestionWriter(em, store),
    ...backupWriter(em, { store, folder }),
    assertNotErased: (userId) => assertNotErased(em, store, userId),
    lockResume: async (id) => copy((await em.findOne(ResumeEntity, { id }, locked)) as Resume | null),
    insertResume: (resume) => void em.create(ResumeEntity, resume),
    async updateResume(id, changes) {
      em.assign(await em.findOneOrFail(ResumeEntity, { id }), changes);
    },
    async deleteResume({ id, userId }) {
      for (const upload of await em.find(ResumeUploadEntity, { resumeId: id }))
        await enqueueRemoval(store, em, { id: upload.id, where: { key: stagingKey(folder, upload.id) } });
      await em.nativeDelete(ResumeUploadEntity, { resumeId: id });
      await em.nativeDelete(ResumeVersionEntity, { resumeId: id });
      await em.nativeDelete(UnderstandingEntity, { resumeId: id });
      await removePassages(em, store, [id]);
      await removeSuggestions(em, store, 'resume_id', id);
      await em.nativeDelete(ShareLinkEntity, { resumeId: id });
      await em.nativeDelete(ResumeGroupEntity, { resumeId: id });
      em.remove(await em.findOneOrFail(ResumeEntity, { id }));
      await enqueueRemoval(store, em, { id, where: { prefix: resumePrefix(folder, { userId, resumeId: id }) } });
    },
    countVersions: (resumeId) => em.count(ResumeVersionEntity, { resumeId }),
    countUploads: (resumeId) => em.count(ResumeUploadEntity, { resumeId }),
    insertUpload: (upload) => void em.create(ResumeUploadEntity, upload),
    lockUpload: async (id) => copy(await em.findOne(ResumeUploadEntity, { id }, locked)),
    async endUpload(id) {
      await em.nativeDelete(ResumeUploadEntity, { id });
      await enqueueRemoval(store, em, { id, where: { key: stagingKey(folder, id) } });
    },
    version: async (id) => copy(await em.findOne(ResumeVersionEntity, { id }, { refresh: true })),
    async insertVersion(version) {
      em.create(ResumeVersionEntity, version);
      await queueUnderstanding(store, em, version, version.createdAt);
    },
    understandAgain: (version, at) => queueUnderstanding(store, em, version, at),
    newestVersion: async (resumeId) => copy(await em.findOne(ResumeVersionEntity, { resumeId }, { orderBy: { number: 'desc' } })),
    async deleteVersion({ id, resumeId, objectKey }) {
      await em.nativeDelete(ResumeVersionEntity, { id });
      await em.nativeDelete(UnderstandingEntity, { versionId: id });
      await followNewest(em, store, resumeId);
      await removeSuggestions(em, store, 'version_id', id);
      await em.nativeDelete(ShareLinkEntity, { versionId: id });
      await enqueueRemoval(store, em, { id, where: { key: objectKey } });
    },
    countShareLinks: (resumeId, now) => em.count(ShareLinkEntity, { resumeId, revokedAt: null, expiresAt: { $gt: now } }),
    insertShareLink: (link) => void em.create(ShareLinkEntity, link),
    async revokeShareLink(id, at) {
      await em.nativeUpdate(ShareLinkEntity, { id, revokedAt: null }, { revokedAt: at });
    },
    async countUse(linkId) {
      await em.execute(`update ${store.table('resume_share_link')} set use_count = use_count + 1 where id = ?`, [linkId], 'run');
    },
    groups: async (resumeId) => (await em.find(ResumeGroupEntity, { resumeId })).map(({ groupId }) => groupId),
    addGroup: async (resumeId, groupId, addedBy, addedAt) => void em.create(ResumeGroupEntity, { resumeId, groupId, addedBy, addedAt }),
    async removeGroup(resumeId, groupId) {
      await em.nativeDelete(ResumeGroupEntity, { resumeId, groupId });
    },
  };
}
