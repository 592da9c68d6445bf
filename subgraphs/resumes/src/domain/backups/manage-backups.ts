import type { Clock, IdSource } from '@loomgraph/core';
import { ResumeNotFound } from '../errors.js';
import type { ResumeUnitOfWork } from '../ports.js';
import type { UploadTarget } from '../upload-target.js';
import { backupLimits, noFigures, type Backup, type Check, type CheckDepth, type Restore, type RestorePolicy } from './backup.js';
import {
  ArchiveTooLarge,
  BackupNotFound,
  BackupNotReady,
  RestoreNotFound,
  RestoreUnderWay,
  TooManyBackups,
  TooManyRestores,
} from './errors.js';
import type { ArchiveFiles, VectorChecks } from './ports.js';

/** Who may do what is decided before. */
export interface BackupManagement {
  /** One that is asked for while the same is under way is that one. @throws ResumeNotFound, TooManyBackups */
  request(of: { readonly userId: string; readonly resumeId: string | null }, by: string): Promise<Backup>;
  /** @throws BackupNotFound */
  remove(id: string): Promise<void>;
  /** A place for an archive that was downloaded once. @throws ArchiveTooLarge, TooManyRestores */
  requestUpload(
    archive: { readonly userId: string; readonly sizeBytes: number },
    by: string,
  ): Promise<{ restore: Restore; target: UploadTarget }>;
  /** @throws BackupNotFound, BackupNotReady, TooManyRestores */
  restoreBackup(backupId: string, policy: RestorePolicy, by: string): Promise<Restore>;
  /** Asked again with the same policy, it answers the same restore. @throws RestoreNotFound, RestoreUnderWay */
  restoreUpload(id: string, policy: RestorePolicy): Promise<Restore>;
  check(what: { readonly depth: CheckDepth; readonly repair: boolean }, by: string): Promise<Check>;
}

export interface BackupSettings {
  /** Of one archive. */
  readonly maxBytes: number;
  /** How long archives are kept, and what is known of restores. */
  readonly ttlMs: number;
  readonly uploadTtlMs: number;
}

export function createBackupManagement(deps: {
  readonly unitOfWork: ResumeUnitOfWork;
  readonly archives: ArchiveFiles;
  readonly vectors: VectorChecks;
  readonly settings: BackupSettings;
  readonly clock: Clock;
  readonly ids: IdSource;
}): BackupManagement {
  const { unitOfWork, archives, vectors, settings, clock, ids } = deps;
  const later = (from: Date, ms: number): Date => new Date(from.getTime() + ms);

  const newRestore = (userId: string, requestedBy: string): Restore => {
    const createdAt = clock.now();
    return {
      id: ids.next(),
      userId,
      requestedBy,
      backupId: null,
      policy: null,
      state: 'waiting',
      reason: null,
      detail: null,
      done: 0,
      total: 0,
      outcomes: [],
      createdAt,
      updatedAt: createdAt,
      expiresAt: later(createdAt, settings.uploadTtlMs),
    };
  };

  return {
    request: ({ userId, resumeId }, requestedBy) =>
      unitOfWork.run(async (writer) => {
        await writer.assertNotErased(userId);
        if (resumeId !== null && (await writer.lockResume(resumeId))?.userId !== userId) throw new ResumeNotFound(resumeId);
        const unfinished = await writer.unfinishedBackup(userId, resumeId);
        if (unfinished) return unfinished;
        if ((await writer.countBackups(userId)) >= backupLimits.backups) throw new TooManyBackups();
        const createdAt = clock.now();
        const backup: Backup = {
          id: ids.next(),
          userId,
          resumeId,
          requestedBy,
          state: 'queued',
          reason: null,
          detail: null,
          resumes: 0,
          done: 0,
          total: 0,
          sizeBytes: null,
          sha256: null,
          createdAt,
          updatedAt: createdAt,
          expiresAt: later(createdAt, settings.ttlMs),
        };
        await writer.insertBackup(backup);
        return backup;
      }),
    remove: (id) =>
      unitOfWork.run(async (writer) => {
        const backup = await writer.lockBackup(id);
        if (!backup) throw new BackupNotFound(id);
        await writer.deleteBackup(backup);
      }),
    async requestUpload({ userId, sizeBytes }, by) {
      const { maxBytes, uploadTtlMs } = settings;
      if (sizeBytes <= 0 || sizeBytes > maxBytes) throw new ArchiveTooLarge(sizeBytes, maxBytes);
      const restore = await unitOfWork.run(async (writer) => {
        await writer.assertNotErased(userId);
        if ((await writer.countRestores(userId, clock.now())) >= backupLimits.restores) throw new TooManyRestores();
        const made = newRestore(userId, by);
        await writer.insertRestore(made);
        return made;
      });
      return { restore, target: await archives.uploadTarget(restore, { maxBytes, expiresInSeconds: Math.ceil(uploadTtlMs / 1_000) }) };
    },
    restoreBackup: (backupId, policy, by) =>
      unitOfWork.run(async (writer) => {
        const backup = await writer.lockBackup(backupId);
        if (!backup) throw new BackupNotFound(backupId);
        await writer.assertNotErased(backup.userId);
        if (backup.state !== 'done') throw new BackupNotReady(backupId, backup.state);
        if ((await writer.countRestores(backup.userId, clock.now())) >= backupLimits.restores) throw new TooManyRestores();
        const made = newRestore(backup.userId, by);
        const restore: Restore = { ...made, backupId, policy, state: 'queued', expiresAt: later(made.createdAt, settings.ttlMs) };
        await writer.insertRestore(restore);
        return restore;
      }),
    restoreUpload: (id, policy) =>
      unitOfWork.run(async (writer) => {
        const restore = await writer.lockRestore(id);
        if (!restore || restore.backupId !== null) throw new RestoreNotFound(id);
        if (restore.state !== 'waiting') {
          if (restore.policy !== policy) throw new RestoreUnderWay(id);
          return restore;
        }
        const now = clock.now();
        // The archive can be sent until it expires, and be restored from for as long again.
        if (now > later(restore.expiresAt, settings.uploadTtlMs)) throw new RestoreNotFound(id);
        await writer.assertNotErased(restore.userId);
        const changes = { policy, updatedAt: now, expiresAt: later(now, settings.ttlMs) };
        await writer.queueRestore(id, changes);
        return { ...restore, ...changes, state: 'queued' };
      }),
    async check({ depth, repair }, requestedBy) {
      const syncJobId = await vectors.request({ repair, requestedBy });
      return unitOfWork.run(async (writer) => {
        const createdAt = clock.now();
        const check: Check = {
          id: ids.next(),
          requestedBy,
          depth,
          repair,
          state: 'queued',
          figures: noFigures,
          syncJobId,
          createdAt,
          updatedAt: createdAt,
        };
        await writer.insertCheck(check);
        return check;
      });
    },
  };
}
