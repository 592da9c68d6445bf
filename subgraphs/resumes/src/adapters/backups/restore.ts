import { createHash } from 'node:crypto';
import type { Clock } from '@loomgraph/core';
import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { TaskHandler } from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { backupLimits, type Backup, type Restore, type RestoreOutcome } from '../../domain/backups/backup.js';
import { FileRefused } from '../../domain/errors.js';
import { checkedFileName } from '../../domain/file-name.js';
import { declaredType } from '../../domain/file-types.js';
import { archiveKey } from '../../domain/object-keys.js';
import type { FileInspector, FileScanner, ResumeFiles } from '../../domain/ports.js';
import { toRestore } from '../../store/backup.reader.js';
import { ResumeBackupEntity, ResumeRestoreEntity } from '../../store/entities.js';
import { areRemovalsPending, enqueueRemoval } from '../../store/removals.js';
import { createResumeWriter } from '../../store/resume.writer.js';
import { ArchiveRefused } from './archive-refused.js';
import { fetchArchive } from './fetch-archive.js';
import type { Manifest, ManifestVersion } from './manifest.js';
import { openArchive, type OpenArchive } from './open-archive.js';
import { planRestore, type PlannedResume } from './plan-restore.js';

/** Until files that are being deleted are gone, whose keys are written anew. */
const REMOVAL_POLL_MS = 1_000;
const NOTE_EVERY = 10;

/**
 * Restores an archive.
 *
 *   fetched --every name, size and checksum is right--> planned --files--> written --rows, and the end of the task, in one transaction--> done
 *   fetched --anything is wrong--> failed, and nothing was written
 *   written --the record changed meanwhile--> planned again;  --killed--> another process writes the same keys; the sweep has what is left over
 */
export function restoreResumes(deps: {
  readonly store: RelationalStore;
  readonly objects: () => Promise<Objects>;
  readonly files: ResumeFiles;
  readonly inspector: FileInspector;
  readonly scanner: FileScanner | undefined;
  readonly folder: string;
  readonly maxBytes: number;
  readonly maxFileBytes: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once rows were written. */
  readonly onRestored: () => void;
}): TaskHandler {
  const { store, objects, files, inspector, scanner, folder, maxBytes, maxFileBytes, clock, logger, metrics, onRestored } = deps;
  const outcomes = metrics.counter('resumes_restores_total', 'Restores of resumes that ended, by outcome.', ['outcome']);

  const end = async (em: EntityManager, id: string, changes: Partial<Restore>): Promise<void> => {
    const kept = await em.findOne(ResumeRestoreEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!kept) return;
    const { outcomes: written = [], ...rest } = changes;
    em.assign(kept, { ...rest, outcomes: JSON.stringify(written), updatedAt: clock.now() });
    // An archive that was uploaded has served.
    if (kept.backupId === null) await enqueueRemoval(store, em, { id, where: { key: archiveKey(folder, kept) } });
    outcomes.inc({ outcome: changes.reason ?? 'done' });
  };
  const note = (id: string, changes: Partial<Omit<Restore, 'outcomes'>>): Promise<unknown> =>
    store.transaction((em) => em.nativeUpdate(ResumeRestoreEntity, { id }, { ...changes, updatedAt: clock.now() }));

  /** Of a backup of this installation it is known what its archive is; one that was uploaded is believed in nothing. */
  const fetch = async (restore: Restore, signal: AbortSignal) => {
    const backup =
      restore.backupId === null ? null : ((await store.read().findOne(ResumeBackupEntity, { id: restore.backupId })) as Backup | null);
    if (restore.backupId !== null && backup?.state !== 'done')
      throw new ArchiveRefused('missing', 'The backup was deleted, or has expired.');
    const archive = await fetchArchive(
      await objects(),
      archiveKey(folder, backup ?? restore),
      maxBytes + backupLimits.overheadBytes,
      signal,
    );
    if (backup && archive.sha256 !== backup.sha256) {
      await archive[Symbol.asyncDispose]();
      throw new ArchiveRefused('checksum', 'The archive of the backup is not what was written: its checksum is another one.');
    }
    return archive;
  };

  /** Every file is read and looked at before any is written. */
  const verify = async (archive: OpenArchive, restore: Restore, signal: AbortSignal): Promise<void> => {
    const { manifest } = archive;
    if (manifest.userId !== restore.userId) throw new ArchiveRefused('owner', 'The archive has the resumes of another user.');
    for (const version of manifest.resumes.flatMap(({ versions }) => versions)) {
      signal.throwIfAborted();
      const content = await archive.read(version);
      try {
        if (checkedFileName(version.fileName) !== version.fileName)
          throw new ArchiveRefused('file', `${version.entry}: its name is not in the form NFC.`);
        await inspector.check(content, declaredType(version.contentType, version.fileName));
      } catch (error) {
        if (error instanceof FileRefused) throw new ArchiveRefused('file', `${version.entry}: ${error.message}`, { cause: error });
        throw error;
      }
      const malware = restore.backupId === null ? await scanner?.scan(content) : undefined;
      if (malware) throw new ArchiveRefused('infected', `${version.entry}: the virus scanner refuses the file.`);
    }
  };

  const put = async (key: string, archive: OpenArchive, version: ManifestVersion): Promise<boolean> => {
    const kept = await files.kept(key);
    if (kept && createHash('sha256').update(kept).digest('hex') === version.sha256) return false;
    await files.mend(key, await archive.read(version), version.contentType);
    return true;
  };

  /** @returns the keys that were seen to, by the version's id */
  const writeFiles = async (archive: OpenArchive, plan: readonly PlannedResume[], restore: Restore, signal: AbortSignal) => {
    const jobs = plan.flatMap(({ from, id, versions, present }) => [
      ...versions.map((version) => ({
        id: version.id,
        key: files.keyOf({ id: version.id, resumeId: id ?? '', userId: restore.userId, fileName: version.from.fileName }),
        from: version.from,
      })),
      ...present.flatMap((version) => {
        const same = from.versions.find((one) => one.id === version.id);
        return same ? [{ id: version.id, key: version.objectKey, from: same }] : [];
      }),
    ]);
    await note(restore.id, { state: 'running', done: 0, total: jobs.length });
    const keys = new Map<string, string>();
    for (const { id, key, from } of jobs) {
      signal.throwIfAborted();
      if ((await put(key, archive, from)) && restore.policy === 'replace')
        logger.info('A file of a resume was put back.', { versionId: id });
      keys.set(id, key);
      if (keys.size % NOTE_EVERY === 0) await note(restore.id, { done: keys.size });
    }
    return keys;
  };

  /** @returns undefined where the record is another one than the files were written for */
  const writeRows = async (
    em: EntityManager,
    { manifest, restore, keys }: { manifest: Manifest; restore: Restore; keys: ReadonlyMap<string, string> },
  ): Promise<readonly RestoreOutcome[] | undefined> => {
    const writer = createResumeWriter(em, { store, folder });
    const { userId } = restore;
    await writer.assertNotErased(userId);
    const plan = await planRestore(em, store, { manifest, restore, locked: true });
    if (plan.some(({ versions }) => versions.some(({ id }) => !keys.has(id)))) return undefined;
    if (await areRemovalsPending(store, em, removalsOf(plan))) return undefined;
    const now = clock.now();
    const past = (date: Date): Date => (date > now ? now : date);
    for (const { from, result, id, versions, extra } of plan) {
      if (id === null || result === 'unchanged') continue;
      const { title, language, lastNumber } = from;
      if (result === 'replaced') {
        for (const version of extra) await writer.deleteVersion(version);
        await em.flush();
      } else {
        const dates = { createdAt: past(from.createdAt), updatedAt: past(from.updatedAt) };
        writer.insertResume({ id, userId, title, language, lastNumber, latestVersionId: null, ...dates });
        await em.flush();
      }
      for (const { from: version, id: versionId } of versions) {
        const { number, fileName, contentType, sizeBytes, sha256, comment } = version;
        await writer.insertVersion({
          id: versionId,
          resumeId: id,
          userId,
          number,
          fileName,
          contentType,
          sizeBytes,
          sha256,
          comment,
          objectKey: keys.get(versionId) as string, // asked above
          // Whoever made an archive can write any name into it.
          createdBy: restore.backupId === null ? restore.requestedBy : version.createdBy,
          createdAt: past(version.createdAt),
        });
      }
      await em.flush();
      const resume = await writer.lockResume(id);
      if (!resume) continue;
      const latestVersionId = (await writer.newestVersion(id))?.id ?? null;
      const changes = { title, language, lastNumber: Math.max(lastNumber, resume.lastNumber), latestVersionId };
      await writer.updateResume(id, { ...changes, ...(result === 'replaced' ? { updatedAt: now } : {}) });
    }
    return plan.map(({ from, result, id, versions }) => ({
      resumeId: from.id,
      title: from.title,
      result,
      restoredId: id,
      versions: versions.length,
    }));
  };

  return {
    maxAttempts: 3,
    atOnce: 1,
    async run({ key: id }, { signal, finish }) {
      const restore = toRestore(await store.read().findOne(ResumeRestoreEntity, { id, state: { $in: ['queued', 'running'] } }));
      if (!restore) return;
      try {
        await using fetched = await fetch(restore, signal);
        using archive = await openArchive(fetched.path, { maxFileBytes, maxBytes });
        await verify(archive, restore, signal);
        const { manifest } = archive;
        const plan = await planRestore(store.read(), store, { manifest, restore });
        if (await areRemovalsPending(store, store.read(), removalsOf(plan))) return await finish(undefined, { afterMs: REMOVAL_POLL_MS });
        const keys = await writeFiles(archive, plan, restore, signal);
        await finish(async (em) => {
          const written = await writeRows(em, { manifest, restore, keys });
          if (!written) return { afterMs: REMOVAL_POLL_MS };
          return end(em, id, { state: 'done', done: keys.size, total: keys.size, outcomes: written });
        });
        onRestored();
      } catch (error) {
        if (!(error instanceof ArchiveRefused)) throw error;
        logger.warn('An archive of resumes is not restored from.', { restoreId: id, reason: error.reason, error });
        await finish((em) => end(em, id, { state: 'failed', reason: error.reason, detail: error.message.slice(0, 500) }));
      }
    },
    gaveUp: (em, { key: id }) => end(em, id, { state: 'failed', reason: 'internal' }),
  };
}

const removalsOf = (plan: readonly PlannedResume[]): { readonly resumeIds: readonly string[]; readonly versionIds: readonly string[] } => ({
  resumeIds: plan.flatMap(({ id }) => (id === null ? [] : [id])),
  versionIds: plan.flatMap(({ versions, present }) => [...versions, ...present].map(({ id }) => id)),
});
