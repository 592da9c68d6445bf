import type { UploadTarget } from '../upload-target.js';
import type { Backup, Check, Restore } from './backup.js';

export interface BackupReader {
  backup(id: string): Promise<Backup | null>;
  /** Newest first. */
  backupsOf(userId: string): Promise<readonly Backup[]>;
  restore(id: string): Promise<Restore | null>;
  check(id: string): Promise<Check | null>;
  /** Newest first. */
  checks(): Promise<readonly Check[]>;
}

/** Part of the writer of resumes: within its transaction. */
export interface BackupWriter {
  unfinishedBackup(userId: string, resumeId: string | null): Promise<Backup | null>;
  countBackups(userId: string): Promise<number>;
  /** It is made once this is committed. */
  insertBackup(backup: Backup): Promise<void>;
  lockBackup(id: string): Promise<Backup | null>;
  /** Its archive goes once this is committed. */
  deleteBackup(backup: Backup): Promise<void>;
  /** Those that are not over, and whose upload has not expired. */
  countRestores(userId: string, now: Date): Promise<number>;
  /** One that is `queued` is begun once this is committed. */
  insertRestore(restore: Restore): Promise<void>;
  lockRestore(id: string): Promise<Restore | null>;
  queueRestore(id: string, changes: Pick<Restore, 'policy' | 'updatedAt' | 'expiresAt'>): Promise<void>;
  /** It is begun once this is committed; the oldest go beyond those that are kept. */
  insertCheck(check: Check): Promise<void>;
}

/** Archives in the object store. */
export interface ArchiveFiles {
  uploadTarget(restore: Restore, options: { readonly maxBytes: number; readonly expiresInSeconds: number }): Promise<UploadTarget>;
  /** Works without credentials for a while. */
  downloadUrl(backup: Backup, expiresInSeconds: number): Promise<string>;
}

/** Compares the projections of the subgraph with their source, as a job of the sync engine. */
export interface VectorChecks {
  /** @returns the id of the job */
  request(options: { readonly repair: boolean; readonly requestedBy: string }): Promise<string>;
}
