import { createHash } from 'node:crypto';
import type { Clock } from '@loomgraph/core';
import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { TaskHandler } from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { backupLimits, type Backup, type BackupFailure } from '../../domain/backups/backup.js';
import { archiveKey } from '../../domain/object-keys.js';
import type { ResumeFiles } from '../../domain/ports.js';
import type { ResumeVersion } from '../../domain/resume.js';
import { ResumeBackupEntity, ResumeEntity, ResumeVersionEntity } from '../../store/entities.js';
import { enqueueRemoval } from '../../store/removals.js';
import { entryOf, FORMAT, MANIFEST, SCHEMA_VERSION } from './manifest.js';
import { writeArchive, type ArchiveEntry } from './write-archive.js';

/** A backup that cannot be made as its resumes are. */
class BackupFailed extends Error {
  readonly reason: BackupFailure;

  constructor(reason: BackupFailure, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Files between two notes of how far it is. */
const NOTE_EVERY = 10;

/**
 * Makes the archive of a backup. It is written under one key, and that it is done is said in the transaction that ends the task: a process that is
 * killed meanwhile leaves the task for another, which writes the same key again. Every file is compared with its checksum while it is written; a
 * backup of a damaged one is a failure that names it, not an archive that cannot be restored.
 */
export function backUp(deps: {
  readonly store: RelationalStore;
  readonly objects: () => Promise<Objects>;
  readonly files: ResumeFiles;
  readonly folder: string;
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): TaskHandler {
  const { store, objects, files, folder, maxBytes, clock, logger, metrics } = deps;
  const outcomes = metrics.counter('resumes_backups_total', 'Backups of resumes that ended, by outcome.', ['outcome']);

  /** Where it was deleted meanwhile, what was written of it goes. */
  const end = async (em: EntityManager, backup: Pick<Backup, 'id' | 'userId'>, changes: Partial<Backup>): Promise<void> => {
    const kept = await em.findOne(ResumeBackupEntity, { id: backup.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!kept) return enqueueRemoval(store, em, { id: backup.id, where: { key: archiveKey(folder, backup) } });
    em.assign(kept, { ...changes, updatedAt: clock.now() });
    outcomes.inc({ outcome: changes.reason ?? changes.state ?? 'done' });
  };
  const note = (id: string, changes: Partial<Backup>): Promise<unknown> =>
    store.transaction((em) => em.nativeUpdate(ResumeBackupEntity, { id }, { ...changes, updatedAt: clock.now() }));

  const contentOf = async (version: ResumeVersion): Promise<Uint8Array> => {
    const content = await files.kept(version.objectKey);
    if (content && createHash('sha256').update(content).digest('hex') === version.sha256) return content;
    // One that was deleted since the list was read is not damaged: the next attempt lists those that are there.
    if ((await store.read().count(ResumeVersionEntity, { id: version.id })) === 0)
      throw new Error(`Version ${version.id} was deleted meanwhile.`);
    throw new BackupFailed(
      'damaged',
      `The file of version ${version.id} is ${content ? 'not what was uploaded' : 'not there'}: delete or restore it.`,
    );
  };

  const make = async (backup: Backup, signal: AbortSignal): Promise<Partial<Backup>> => {
    const { resumes, versions } = await contentsOf(store, backup);
    if (resumes.length === 0) throw new BackupFailed('nothing', 'There is no resume to back up.');
    if (resumes.length > backupLimits.resumes)
      throw new BackupFailed(
        'too-large',
        `${resumes.length} resumes, ${backupLimits.resumes} are the most of one archive: back them up one by one.`,
      );
    const bytes = versions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (bytes > maxBytes)
      throw new BackupFailed('too-large', `The files have ${bytes} bytes, ${maxBytes} are the most: back resumes up one by one.`);
    const figures = { resumes: resumes.length, total: versions.length };
    await note(backup.id, { ...figures, state: 'running', done: 0 });
    const manifest = Buffer.from(JSON.stringify(manifestOf(backup, resumes, versions), null, 1));
    if (manifest.length > backupLimits.manifestBytes)
      throw new BackupFailed('too-large', `${versions.length} versions are more than one archive takes: back resumes up one by one.`);
    let done = 0;
    const entries: ArchiveEntry[] = [
      { name: MANIFEST, sizeBytes: manifest.length, modifiedAt: backup.createdAt, read: async () => manifest },
      ...versions.map((version) => ({
        name: entryOf(version),
        sizeBytes: version.sizeBytes,
        modifiedAt: version.createdAt,
        read: async () => {
          const content = await contentOf(version);
          done += 1;
          if (done % NOTE_EVERY === 0) await note(backup.id, { done });
          return content;
        },
      })),
    ];
    const opened = await objects();
    const written = await writeArchive(
      entries,
      (body) => opened.put(archiveKey(folder, backup), body, { contentType: 'application/zip' }),
      signal,
    );
    return { ...figures, ...written, state: 'done', done: versions.length };
  };

  return {
    maxAttempts: 3,
    atOnce: 1,
    async run({ key: id }, { signal, finish }) {
      const backup = (await store.read().findOne(ResumeBackupEntity, { id, state: { $in: ['queued', 'running'] } })) as Backup | null;
      if (!backup) return;
      let outcome: Partial<Backup>;
      try {
        outcome = await make(backup, signal);
      } catch (error) {
        if (!(error instanceof BackupFailed)) throw error;
        logger.warn('A backup cannot be made.', { backupId: id, reason: error.reason, error });
        outcome = { state: 'failed', reason: error.reason, detail: error.message };
      }
      await finish((em) => end(em, backup, outcome));
    },
    async gaveUp(em, { key: id }) {
      const backup = await em.findOne(ResumeBackupEntity, { id });
      if (backup) await end(em, backup, { state: 'failed', reason: 'internal' });
    },
  };
}

interface ResumeRow {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly lastNumber: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One reading of both: a version that is added in between is not in it. */
async function contentsOf(
  store: RelationalStore,
  { userId, resumeId }: Backup,
): Promise<{ readonly resumes: readonly ResumeRow[]; readonly versions: readonly ResumeVersion[] }> {
  const em = store.read();
  const resumes = await em.find(ResumeEntity, { userId, ...(resumeId === null ? {} : { id: resumeId }) }, { orderBy: { id: 'asc' } });
  const last = new Map(resumes.map(({ id, lastNumber }) => [id, lastNumber]));
  const where = { userId, ...(resumeId === null ? {} : { resumeId }) };
  const versions = await em.find(ResumeVersionEntity, where, { orderBy: { resumeId: 'asc', number: 'asc' } });
  return { resumes, versions: versions.filter((version) => version.number <= (last.get(version.resumeId) ?? 0)) };
}

function manifestOf({ id, userId, createdAt }: Backup, resumes: readonly ResumeRow[], versions: readonly ResumeVersion[]): object {
  const ofResume = Map.groupBy(versions, ({ resumeId }) => resumeId);
  return {
    format: FORMAT,
    schemaVersion: SCHEMA_VERSION,
    backupId: id,
    userId,
    createdAt,
    resumes: resumes.map((resume) => ({
      id: resume.id,
      title: resume.title,
      language: resume.language,
      lastNumber: resume.lastNumber,
      createdAt: resume.createdAt,
      updatedAt: resume.updatedAt,
      versions: (ofResume.get(resume.id) ?? []).map((version) => ({
        id: version.id,
        number: version.number,
        fileName: version.fileName,
        contentType: version.contentType,
        sizeBytes: version.sizeBytes,
        sha256: version.sha256,
        comment: version.comment,
        createdBy: version.createdBy,
        createdAt: version.createdAt,
        entry: entryOf(version),
      })),
    })),
  };
}
