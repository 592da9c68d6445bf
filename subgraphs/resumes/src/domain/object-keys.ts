/** Keys of the object store. `folder` comes before all of them: empty, or ending in `/`. */

export const RESUMES = 'resumes/';
export const STAGING = 'resume-uploads/';

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

/** The id of the version, or upload, that a key is of; undefined for a key of another form. */
export function idOfKey(folder: string, key: string): string | undefined {
  if (!key.startsWith(folder)) return undefined;
  const [first, ...rest] = key.slice(folder.length).split('/');
  if (`${first}/` === STAGING) return rest.length === 1 ? rest[0] : undefined;
  return `${first}/` === RESUMES && rest.length === 4 ? rest[2] : undefined;
}

/** Issuers name their users as they like: with slashes, or `..`. */
const segment = (userId: string): string => encodeURIComponent(userId).replaceAll('.', '%2E');
