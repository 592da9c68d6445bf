/** Keys of the object store. `folder` comes before all of them: empty, or ending in `/`. */

export const RESUMES = 'resumes/';
export const STAGING = 'resume-uploads/';
export const BACKUPS = 'resume-backups/';

/** What a user's files begin with. */
export const userPrefix = (folder: string, userId: string): string => `${folder}${RESUMES}${segment(userId)}/`;

export const resumePrefix = (folder: string, { userId, resumeId }: { readonly userId: string; readonly resumeId: string }): string =>
  `${userPrefix(folder, userId)}${resumeId}/`;

/** `resumes/{userId}/{resumeId}/{versionId}/{fileName}` */
export const versionKey = (
  folder: string,
  version: { readonly id: string; readonly userId: string; readonly resumeId: string; readonly fileName: string },
): string => `${resumePrefix(folder, version)}${version.id}/${version.fileName}`;

/** Where an upload is sent to. */
export const stagingKey = (folder: string, uploadId: string): string => `${folder}${STAGING}${uploadId}`;

/** What the archives of a user begin with: those of backups, and those that were uploaded to be restored from. */
export const archivePrefix = (folder: string, userId: string): string => `${folder}${BACKUPS}${segment(userId)}/`;

/** `resume-backups/{userId}/{backupId or restoreId}.zip` */
export const archiveKey = (folder: string, { id, userId }: { readonly id: string; readonly userId: string }): string =>
  `${archivePrefix(folder, userId)}${id}.zip`;

/** The id of the version, upload, backup or restore that a key is of; undefined for a key of another form. */
export function idOfKey(folder: string, key: string): string | undefined {
  if (!key.startsWith(folder)) return undefined;
  const [first, ...rest] = key.slice(folder.length).split('/');
  if (`${first}/` === STAGING) return rest.length === 1 ? rest[0] : undefined;
  if (`${first}/` === BACKUPS) return rest.length === 2 && rest[1]?.endsWith('.zip') ? rest[1].slice(0, -'.zip'.length) : undefined;
  return `${first}/` === RESUMES && rest.length === 4 ? rest[2] : undefined;
}

/** Issuers name their users as they like: with slashes, or `..`. */
const segment = (userId: string): string => encodeURIComponent(userId).replaceAll('.', '%2E');
