export const BACKUP_FIELDS =
  'id userId resumeId state reason detail resumes done total sizeBytes sha256 expiresAt download { url expiresAt }';
export const REQUEST_BACKUP = `mutation($input: RequestResumeBackupInput) { requestResumeBackup(input: $input) { backup { ${BACKUP_FIELDS} } } }`;
export const BACKUP = `query($id: ID!) { resumeBackup(id: $id) { ${BACKUP_FIELDS} } }`;
export const REQUEST_ARCHIVE = `mutation($input: RequestResumeArchiveUploadInput!) { requestResumeArchiveUpload(input: $input) {
  upload { id url headers { name value } maxBytes expiresAt } } }`;
export const RESTORE_FIELDS =
  'id state reason detail policy done total outcomes { resumeId title result restoredId versions } backupId expiresAt';
export const RESTORE_RESUMES = `mutation($input: RestoreResumesInput!) { restoreResumes(input: $input) { restore { ${RESTORE_FIELDS} } } }`;
export const RESTORE_BY_ID = `query($id: ID!) { resumeRestore(id: $id) { ${RESTORE_FIELDS} } }`;
export const CHECK_FIELDS =
  'id state depth repair versions objects missing wrongSize wrongChecksum orphans repaired findings { problem versionId repaired } syncJobId';
export const CHECK_RESUMES = `mutation($input: CheckResumesInput) { checkResumes(input: $input) { check { ${CHECK_FIELDS} } } }`;
export const CHECK_BY_ID = `query($id: ID!) { resumeCheck(id: $id) { ${CHECK_FIELDS} } }`;
export const RESUMES_OF = `query($filter: ResumeFilterInput) { resumes(filter: $filter, first: 50, orderBy: { field: CREATED_AT }) { nodes {
  id userId title language latestVersion { id } versions { nodes { id number fileName mimeType sizeBytes sha256 comment createdBy createdAt } } } } }`;
