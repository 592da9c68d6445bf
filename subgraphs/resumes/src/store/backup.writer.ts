import type { RelationalStore } from '@loomgraph/stores/relational';
import { enqueueTask } from '@loomgraph/sync';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { backupLimits, type Backup } from '../domain/backups/backup.js';
import type { BackupWriter } from '../domain/backups/ports.js';
import { archiveKey } from '../domain/object-keys.js';
import { toRestore } from './backup.reader.js';
import { ResumeBackupEntity, ResumeCheckEntity, ResumeRestoreEntity } from './entities.js';
import { enqueueRemoval } from './removals.js';

export const BACK_UP = 'back-up';
export const RESTORE = 'restore';
export const CHECK_FILES = 'check-files';

const unfinished = { $in: ['waiting', 'queued', 'running'] };

/** The part of the writer that is about backups, restores and checks. */
export function backupWriter(em: EntityManager, options: { readonly store: RelationalStore; readonly folder: string }): BackupWriter {
  const { store, folder } = options;
  const locked = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
  return {
    unfinishedBackup: async (userId, resumeId) =>
      (await em.findOne(ResumeBackupEntity, { userId, resumeId, state: unfinished })) as Backup | null,
    countBackups: (userId) => em.count(ResumeBackupEntity, { userId }),
    async insertBackup(backup) {
      em.create(ResumeBackupEntity, backup);
      await enqueueTask(store, em, { kind: BACK_UP, key: backup.id });
    },
    lockBackup: async (id) => (await em.findOne(ResumeBackupEntity, { id }, locked)) as Backup | null,
    async deleteBackup(backup) {
      await em.nativeDelete(ResumeBackupEntity, { id: backup.id });
      await enqueueRemoval(store, em, { id: backup.id, where: { key: archiveKey(folder, backup) } });
    },
    countRestores: (userId, now) => em.count(ResumeRestoreEntity, { userId, state: unfinished, expiresAt: { $gt: now } }),
    async insertRestore(restore) {
      em.create(ResumeRestoreEntity, { ...restore, outcomes: JSON.stringify(restore.outcomes) });
      if (restore.state === 'queued') await enqueueTask(store, em, { kind: RESTORE, key: restore.id });
    },
    lockRestore: async (id) => toRestore(await em.findOne(ResumeRestoreEntity, { id }, locked)),
    async queueRestore(id, changes) {
      em.assign(await em.findOneOrFail(ResumeRestoreEntity, { id }), { ...changes, state: 'queued' });
      await enqueueTask(store, em, { kind: RESTORE, key: id });
    },
    async insertCheck(check) {
      em.create(ResumeCheckEntity, { ...check, figures: JSON.stringify(check.figures) });
      await enqueueTask(store, em, { kind: CHECK_FILES, key: check.id });
      const over = { state: { $in: ['done', 'failed'] } };
      const old = await em.find(ResumeCheckEntity, over, {
        orderBy: { createdAt: 'desc', id: 'desc' },
        offset: backupLimits.checks - 1,
        limit: 100,
      });
      for (const one of old) em.remove(one);
    },
  };
}
