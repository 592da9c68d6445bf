import type { Objects } from '@loomgraph/stores/objects';
import type { ArchiveFiles } from '../../domain/backups/ports.js';
import { archiveKey } from '../../domain/object-keys.js';

export function createArchiveFiles(deps: { readonly objects: () => Promise<Objects>; readonly folder: string }): ArchiveFiles {
  const { objects, folder } = deps;
  return {
    uploadTarget: async (restore, { maxBytes, expiresInSeconds }) =>
      (await objects()).presignPut(archiveKey(folder, restore), { expiresInSeconds, contentType: 'application/zip', maxBytes }),
    downloadUrl: async (backup, expiresInSeconds) =>
      (await objects()).presignGet(archiveKey(folder, backup), { expiresInSeconds, downloadName: `resumes-${backup.id}.zip` }),
  };
}
