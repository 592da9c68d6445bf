import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { archiveKey } from '../../domain/object-keys.js';
import type { ResumeVersion } from '../../domain/resume.js';
import { ResumeBackupEntity } from '../../store/entities.js';
import { ArchiveRefused } from './archive-refused.js';
import { fetchArchive } from './fetch-archive.js';
import { openArchive } from './open-archive.js';

/** The content of a version from the newest backup that has it; null where none has. It is what the version's checksum says. */
export function createFindInBackups(deps: {
  readonly store: RelationalStore;
  readonly objects: () => Promise<Objects>;
  readonly folder: string;
  readonly maxBytes: number;
  readonly maxFileBytes: number;
}): (version: ResumeVersion, signal: AbortSignal) => Promise<Uint8Array | null> {
  const { store, objects, folder, maxBytes, maxFileBytes } = deps;
  return async ({ id, userId, resumeId, sha256 }, signal) => {
    const where = { userId, state: 'done', $or: [{ resumeId: null }, { resumeId }] };
    const backups = await store.read().find(ResumeBackupEntity, where, { orderBy: { createdAt: 'desc' } });
    for (const backup of backups) {
      try {
        await using fetched = await fetchArchive(await objects(), archiveKey(folder, backup), Infinity, signal);
        using archive = await openArchive(fetched.path, { maxBytes, maxFileBytes });
        const version = archive.manifest.resumes.flatMap(({ versions }) => versions).find((one) => one.id === id && one.sha256 === sha256);
        if (version) return await archive.read(version);
      } catch (error) {
        // An archive that is damaged, or gone, leaves the next one.
        if (!(error instanceof ArchiveRefused)) throw error;
      }
    }
    return null;
  };
}
