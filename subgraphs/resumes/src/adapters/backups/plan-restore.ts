import { createHash } from 'node:crypto';
import { isOneOf, type RelationalStore } from '@loomgraph/stores/relational';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { Restore, RestoreResult } from '../../domain/backups/backup.js';
import type { Resume, ResumeVersion } from '../../domain/resume.js';
import { ResumeEntity, ResumeVersionEntity } from '../../store/entities.js';
import type { Manifest, ManifestResume, ManifestVersion } from './manifest.js';

/** A version that is to be written, or whose file may have to be mended. */
export interface PlannedVersion {
  readonly from: ManifestVersion;
  /** The id it gets. */
  readonly id: string;
}

/** What is to become of one resume of an archive. */
export interface PlannedResume {
  readonly from: ManifestResume;
  readonly result: RestoreResult;
  /** The id of the resume that will have it; null for one that is left alone. */
  readonly id: string | null;
  /** To be written. */
  readonly versions: readonly PlannedVersion[];
  /** There already: their files are put back where they are missing or damaged. */
  readonly present: readonly ResumeVersion[];
  /** In the resume and not in the archive: they go. */
  readonly extra: readonly ResumeVersion[];
}

/**
 * Compares an archive with the record. It is asked twice: for which files to write, and, `locked`, in the transaction that writes the rows, where it
 * has to be the same still.
 *
 * An id is kept where it is free, or the resume's that has it is the same user's. Copies get ids that follow from the restore and what is copied, so
 * that a restore that is run again does not make others.
 */
export async function planRestore(
  em: EntityManager,
  store: RelationalStore,
  { manifest, restore, locked = false }: { readonly manifest: Manifest; readonly restore: Restore; readonly locked?: boolean },
): Promise<readonly PlannedResume[]> {
  const { userId, policy } = restore;
  const resumeIds = manifest.resumes.map(({ id }) => id);
  const lockMode = locked ? LockMode.PESSIMISTIC_WRITE : LockMode.NONE;
  const options = { orderBy: { id: 'asc' }, refresh: true, lockMode } as const;
  const found = (await em.find(ResumeEntity, isOneOf('id', resumeIds, store.dialect), options)) as readonly Resume[];
  const resumes = new Map(found.map((resume) => [resume.id, resume]));
  const versionIds = manifest.resumes.flatMap(({ versions }) => versions.map(({ id }) => id));
  const byId = new Map(
    (await em.find(ResumeVersionEntity, isOneOf('id', versionIds, store.dialect), { refresh: true })).map((one) => [one.id, one]),
  );
  const own = found.filter((resume) => resume.userId === userId).map(({ id }) => id);
  const ofResume = Map.groupBy(
    await em.find(ResumeVersionEntity, isOneOf('resumeId', own, store.dialect), { refresh: true }),
    (one) => one.resumeId,
  );

  return manifest.resumes.map((from): PlannedResume => {
    const kept = resumes.get(from.id);
    const taken = from.versions.some(({ id, sha256 }) => {
      const version = byId.get(id);
      return version !== undefined && (version.resumeId !== from.id || version.userId !== userId || version.sha256 !== sha256);
    });
    const none = { from, id: null, versions: [], present: [], extra: [] };
    if (!kept && !taken)
      return { ...none, result: 'restored', id: from.id, versions: from.versions.map((version) => ({ from: version, id: version.id })) };
    if (policy === 'skip') return { ...none, result: kept?.userId === userId ? 'skipped' : 'conflict' };
    if (policy === 'copy') {
      const id = copyId(restore, from.id);
      return {
        ...none,
        result: 'copied',
        id,
        versions: from.versions.map((version) => ({ from: version, id: copyId(restore, version.id) })),
      };
    }
    if (kept?.userId !== userId || taken) return { ...none, result: 'conflict' };
    const present = from.versions.flatMap(({ id }) => byId.get(id) ?? []);
    const versions = from.versions.filter(({ id }) => !byId.has(id)).map((version) => ({ from: version, id: version.id }));
    const listed = new Set(from.versions.map(({ id }) => id));
    const extra = (ofResume.get(from.id) ?? []).filter(({ id }) => !listed.has(id));
    const isSame = versions.length === 0 && extra.length === 0 && kept.title === from.title && kept.language === from.language;
    return { from, result: isSame ? 'unchanged' : 'replaced', id: from.id, versions, present, extra };
  });
}

/** A UUID (version 8, RFC 9562) of what it is a copy of. */
function copyId({ id }: Restore, of: string): string {
  const hex = createHash('sha256').update(`${id}:${of}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
