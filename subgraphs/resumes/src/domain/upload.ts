import type { Clock, IdSource } from '@loomgraph/core';
import { FileRefused, ResumeNotFound, TooMany, UploadNotFound } from './errors.js';
import { checkedFileName } from './file-name.js';
import { declaredType } from './file-types.js';
import type { FileInspector, FileScanner, ResumeFiles, ResumeReader, ResumeUnitOfWork } from './ports.js';
import { limits, type Resume, type ResumeUpload, type ResumeVersion } from './resume.js';
import { createTurns } from './turns.js';
import type { UploadTarget } from './upload-target.js';

export interface UploadRequest {
  readonly resumeId: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly comment: string;
}

export interface RequestedUpload {
  readonly upload: ResumeUpload;
  readonly target: UploadTarget;
}

export interface CompletedUpload {
  readonly resume: Resume;
  readonly version: ResumeVersion;
}

/**
 * Uploads of versions. The file goes straight to the object store; only what passes every check becomes a version.
 *
 *   requested --file sent, completed--> checked --kept under its own key--> version, the upload is gone
 *   checked --refused--> the upload and what was sent are gone;  requested --expired--> swept
 *   killed after it was kept, before the version was written: completing again finds what was kept, and goes on with that
 */
export interface Uploads {
  /** @throws FileRefused, ResumeNotFound, TooMany */
  request(request: UploadRequest, by: string): Promise<RequestedUpload>;
  /**
   * Completing twice answers the same version. @param sha256 of the file, in hex, compared where it is given
   * @throws UploadNotFound, FileRefused, TooMany, ResumeNotFound; LoomError SCANNER_UNAVAILABLE
   */
  complete(uploadId: string, sha256?: string): Promise<CompletedUpload>;
}

export interface UploadSettings {
  readonly maxBytes: number;
  readonly ttlMs: number;
}

/** Files that are in memory at once. */
const AT_ONCE = 4;
/** Refusals after which the same upload may be completed later. */
const PASSING = new Set(['missing']);

export function createUploads(deps: {
  readonly unitOfWork: ResumeUnitOfWork;
  readonly reader: ResumeReader;
  readonly files: ResumeFiles;
  readonly inspector: FileInspector;
  readonly scanner: FileScanner | undefined;
  readonly settings: UploadSettings;
  readonly clock: Clock;
  readonly ids: IdSource;
}): Uploads {
  const { unitOfWork, reader, files, inspector, scanner, settings, clock, ids } = deps;
  const { maxBytes, ttlMs } = settings;
  const inTurn = createTurns(AT_ONCE);

  const checked = async (upload: ResumeUpload, content: Uint8Array, sha256: string | undefined): Promise<string> => {
    if (content.byteLength === 0) throw new FileRefused('empty', 'The file is empty.');
    const actual = inspector.sha256(content);
    if (sha256 !== undefined && sha256.toLowerCase() !== actual)
      throw new FileRefused('checksum', 'What arrived is not what was sent: its checksum is another one. Upload the file again.', {
        expected: sha256.toLowerCase(),
        actual,
      });
    await inspector.check(content, declaredType(upload.contentType, upload.fileName));
    const malware = await scanner?.scan(content);
    if (malware) throw new FileRefused('infected', 'The virus scanner refuses the file.', { found: malware });
    return actual;
  };

  /** Checks what was sent and keeps it. What is kept already was checked, and is what the version will be. */
  const keep = async (upload: ResumeUpload, key: string, sha256: string | undefined): Promise<{ sizeBytes: number; sha256: string }> => {
    const kept = await files.kept(key);
    const content = kept ?? (await files.uploaded(upload.id, maxBytes));
    if (!content)
      throw new FileRefused('missing', 'The file has not been uploaded: send it to the URL of the upload with PUT, then complete it.');
    const actual = await checked(upload, content, sha256);
    if (!kept && !(await files.keep(key, content, upload.contentType))) return keep(upload, key, sha256);
    return { sizeBytes: content.byteLength, sha256: actual };
  };

  const completedAlready = async (id: string): Promise<CompletedUpload> => {
    const [version] = await reader.versionsByIds([id]);
    const [resume] = version ? await reader.resumesByIds([version.resumeId]) : [];
    if (!version || !resume) throw new UploadNotFound(id);
    return { version, resume };
  };

  return {
    async request({ resumeId, comment, ...request }, by) {
      const fileName = checkedFileName(request.fileName);
      const { contentType } = declaredType(request.contentType, fileName);
      if (request.sizeBytes <= 0) throw new FileRefused('empty', 'The file is empty.');
      if (request.sizeBytes > maxBytes)
        throw new FileRefused('too-large', `The file has ${request.sizeBytes} bytes, ${maxBytes} are the most.`, { limit: maxBytes });
      const upload = await unitOfWork.run(async (writer) => {
        const resume = await writer.lockResume(resumeId);
        if (!resume) throw new ResumeNotFound(resumeId);
        await writer.assertNotErased(resume.userId);
        if ((await writer.countVersions(resumeId)) >= limits.versions) throw new TooMany('versions', limits.versions, 'delete some first');
        if ((await writer.countUploads(resumeId)) >= limits.uploads)
          throw new TooMany('uploads under way', limits.uploads, 'complete them, or wait until they expire');
        const createdAt = clock.now();
        const expiresAt = new Date(createdAt.getTime() + ttlMs);
        const { userId } = resume;
        const { sizeBytes } = request;
        const made = { id: ids.next(), resumeId, userId, fileName, contentType, sizeBytes, comment, createdBy: by, createdAt, expiresAt };
        writer.insertUpload(made);
        return made;
      });
      return { upload, target: await files.uploadTarget(upload, { maxBytes, expiresInSeconds: Math.ceil(ttlMs / 1_000) }) };
    },

    complete: (uploadId, sha256) =>
      inTurn(async () => {
        const upload = await reader.upload(uploadId);
        if (!upload) return completedAlready(uploadId);
        const objectKey = files.keyOf(upload);
        let content: { sizeBytes: number; sha256: string };
        try {
          if (clock.now().getTime() > upload.expiresAt.getTime() + ttlMs)
            throw new FileRefused('expired', 'The upload has expired: ask for another with requestResumeUpload.');
          content = await keep(upload, objectKey, sha256);
        } catch (error) {
          if (error instanceof FileRefused && !PASSING.has(error.reason)) await unitOfWork.run((writer) => writer.endUpload(uploadId));
          throw error;
        }
        const completed = await unitOfWork.run(async (writer) => {
          const resume = await writer.lockResume(upload.resumeId);
          if (!resume) throw new ResumeNotFound(upload.resumeId);
          await writer.assertNotErased(resume.userId);
          // Two may complete at once: the second finds no upload any more.
          if (!(await writer.lockUpload(uploadId))) return undefined;
          if ((await writer.countVersions(resume.id)) >= limits.versions)
            throw new TooMany('versions', limits.versions, 'delete some first');
          const now = clock.now();
          const { id, resumeId, userId, fileName, contentType, comment, createdBy } = upload;
          const number = resume.lastNumber + 1;
          const version = {
            id,
            resumeId,
            userId,
            number,
            fileName,
            contentType,
            ...content,
            comment,
            objectKey,
            createdBy,
            createdAt: now,
          };
          await writer.insertVersion(version);
          await writer.endUpload(id);
          const changes = { lastNumber: number, latestVersionId: id, updatedAt: now };
          await writer.updateResume(resumeId, changes);
          return { version, resume: { ...resume, ...changes, revision: resume.revision + 1 } };
        });
        return completed ?? completedAlready(uploadId);
      }),
  };
}
