import type { LazyPage, PageRequest, ResourceFilter } from '@loomgraph/core';
import type { BackupReader, BackupWriter } from './backups/ports.js';
import type { FileType } from './file-types.js';
import type { Resume, ResumeUpload, ResumeVersion, ShareLink } from './resume.js';
import type { SearchReader } from './search/ports.js';
import type { SuggestionReader, SuggestionWriter } from './suggestions/ports.js';
import type { Understanding } from './understanding/understanding.js';
import type { UploadTarget } from './upload-target.js';

export interface ResumeOrder {
  readonly field: 'title' | 'createdAt' | 'updatedAt';
  readonly direction: 'asc' | 'desc';
}

/** Every given condition must hold. */
export interface ResumeListFilter {
  readonly ids?: readonly string[];
  readonly userId?: string;
  /** Part of the title, any case. */
  readonly titleContains?: string;
  readonly language?: string;
  /** Whether there is a version. */
  readonly hasVersion?: boolean;
  readonly updatedAfter?: Date;
  readonly updatedBefore?: Date;
  /** Which the caller may see. */
  readonly visible: ResourceFilter;
}

export interface VersionFilter {
  readonly contentType?: string;
  /** Part of the file's name, any case. */
  readonly fileNameContains?: string;
}

/** Reads from the system of record; each call is one statement, a page's count another. */
export interface ResumeReader extends SuggestionReader, SearchReader, BackupReader {
  resumesByIds(ids: readonly string[]): Promise<readonly Resume[]>;
  listResumes(filter: ResumeListFilter, order: ResumeOrder, page: PageRequest): Promise<LazyPage<Resume>>;
  versionsByIds(ids: readonly string[]): Promise<readonly ResumeVersion[]>;
  /** Newest first. */
  listVersions(resumeId: string, filter: VersionFilter, page: PageRequest): Promise<LazyPage<ResumeVersion>>;
  countVersions(resumeIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  understandingsOf(versionIds: readonly string[]): Promise<readonly Understanding[]>;
  upload(id: string): Promise<ResumeUpload | null>;
  /** The ids of the groups each is shared with. */
  groupsOf(resumeIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Newest first; those that are over, too. */
  shareLinksOf(resumeIds: readonly string[]): Promise<readonly ShareLink[]>;
  shareLink(id: string): Promise<ShareLink | null>;
  shareLinkByHash(tokenHash: string): Promise<ShareLink | null>;
}

/** Writes within one transaction. `lock…` waits for other writers of the row and reads what they committed. */
export interface ResumeWriter extends SuggestionWriter, BackupWriter {
  /** @throws LoomError UNAUTHENTICATED where the user was erased */
  assertNotErased(userId: string): Promise<void>;
  lockResume(id: string): Promise<Resume | null>;
  insertResume(resume: Omit<Resume, 'revision'>): void;
  updateResume(id: string, changes: Partial<Omit<Resume, 'id' | 'revision'>>): Promise<void>;
  /** With all that belongs to it; its files go once this is committed. */
  deleteResume(resume: Resume): Promise<void>;
  countVersions(resumeId: string): Promise<number>;
  countUploads(resumeId: string): Promise<number>;
  insertUpload(upload: ResumeUpload): void;
  lockUpload(id: string): Promise<ResumeUpload | null>;
  /** What was uploaded for it goes once this is committed. */
  endUpload(id: string): Promise<void>;
  version(id: string): Promise<ResumeVersion | null>;
  /** It is looked at once this is committed. */
  insertVersion(version: ResumeVersion): Promise<void>;
  understandAgain(version: ResumeVersion, at: Date): Promise<void>;
  newestVersion(resumeId: string): Promise<ResumeVersion | null>;
  /** With its share links; its file goes once this is committed. */
  deleteVersion(version: ResumeVersion): Promise<void>;
  /** Those that are not over. */
  countShareLinks(resumeId: string, now: Date): Promise<number>;
  insertShareLink(link: ShareLink): void;
  revokeShareLink(id: string, at: Date): Promise<void>;
  countUse(linkId: string): Promise<void>;
  groups(resumeId: string): Promise<readonly string[]>;
  addGroup(resumeId: string, groupId: string, by: string, at: Date): Promise<void>;
  removeGroup(resumeId: string, groupId: string): Promise<void>;
}

export interface ResumeUnitOfWork {
  run<T>(work: (writer: ResumeWriter) => Promise<T>): Promise<T>;
}

/**
 * The files of resumes.
 *
 * 1. What is uploaded is not what is kept: an URL to upload to may be used again after its upload was completed.
 * 2. `keep` writes a key once; where it is written already, it answers false and changes nothing.
 */
export interface ResumeFiles {
  keyOf(version: Pick<ResumeVersion, 'id' | 'resumeId' | 'userId' | 'fileName'>): string;
  uploadTarget(upload: ResumeUpload, options: { readonly maxBytes: number; readonly expiresInSeconds: number }): Promise<UploadTarget>;
  /** Null where nothing was uploaded yet. @throws FileRefused `too-large` without reading it */
  uploaded(uploadId: string, maxBytes: number): Promise<Uint8Array | null>;
  kept(key: string): Promise<Uint8Array | null>;
  keep(key: string, content: Uint8Array, contentType: string): Promise<boolean>;
  /** Writes a key whatever is there: for what is known to be what its version was. */
  mend(key: string, content: Uint8Array, contentType: string): Promise<void>;
  /** Works without credentials for a while, and names the file as its uploader did. */
  downloadUrl(version: Pick<ResumeVersion, 'objectKey' | 'fileName'>, expiresInSeconds: number): Promise<string>;
}

/** Looks into a file. */
export interface FileInspector {
  sha256(content: Uint8Array): string;
  /** @throws FileRefused `type` where the content is of another type than was declared */
  check(content: Uint8Array, declared: FileType): Promise<void>;
}

/** Scans files for malware. */
export interface FileScanner {
  /** The name of what was found; null where nothing was. @throws LoomError SCANNER_UNAVAILABLE */
  scan(content: Uint8Array): Promise<string | null>;
}

/** Secrets of share links. */
export interface ShareTokens {
  /** At least 128 bits, in characters a URL takes as they are. */
  make(): string;
  hash(token: string): string;
}
