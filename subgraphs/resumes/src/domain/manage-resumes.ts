import type { Clock, IdSource } from '@loomgraph/core';
import { ResumeNotFound, RevisionConflict, VersionNotFound } from './errors.js';
import type { ResumeUnitOfWork } from './ports.js';
import type { Resume } from './resume.js';

export interface ResumeFields {
  readonly title: string;
  readonly language: string;
}

/** Who may do what is decided before. */
export interface ResumeManagement {
  create(fields: ResumeFields, userId: string): Promise<Resume>;
  /** @throws ResumeNotFound, RevisionConflict when `expectedRevision` is given and stale */
  update(id: string, fields: Partial<ResumeFields>, expectedRevision?: number): Promise<Resume>;
  /** The resume, its versions, their files, its links: all of it goes. @throws ResumeNotFound */
  remove(id: string): Promise<void>;
  /** Has the version looked at again. @throws VersionNotFound */
  understandAgain(versionId: string): Promise<void>;
  /** One version and its file. @throws VersionNotFound */
  removeVersion(id: string): Promise<Resume>;
}

export function createResumeManagement(deps: { unitOfWork: ResumeUnitOfWork; clock: Clock; ids: IdSource }): ResumeManagement {
  const { unitOfWork, clock, ids } = deps;
  return {
    create: ({ title, language }, userId) =>
      unitOfWork.run(async (writer) => {
        await writer.assertNotErased(userId);
        const now = clock.now();
        const resume = { id: ids.next(), userId, title, language, lastNumber: 0, latestVersionId: null, createdAt: now, updatedAt: now };
        writer.insertResume(resume);
        return { ...resume, revision: 1 };
      }),
    update: (id, fields, expectedRevision) =>
      unitOfWork.run(async (writer) => {
        const resume = await writer.lockResume(id);
        if (!resume) throw new ResumeNotFound(id);
        if (expectedRevision !== undefined && expectedRevision !== resume.revision)
          throw new RevisionConflict(id, expectedRevision, resume.revision);
        const { title = resume.title, language = resume.language } = fields;
        // An update that changes nothing must not raise the revision.
        if (title === resume.title && language === resume.language) return resume;
        const changes = { title, language, updatedAt: clock.now() };
        await writer.updateResume(id, changes);
        return { ...resume, ...changes, revision: resume.revision + 1 };
      }),
    remove: (id) =>
      unitOfWork.run(async (writer) => {
        const resume = await writer.lockResume(id);
        if (!resume) throw new ResumeNotFound(id);
        await writer.deleteResume(resume);
      }),
    understandAgain: (id) =>
      unitOfWork.run(async (writer) => {
        const version = await writer.version(id);
        if (!version || !(await writer.lockResume(version.resumeId))) throw new VersionNotFound(id);
        await writer.understandAgain(version, clock.now());
      }),
    removeVersion: (id) =>
      unitOfWork.run(async (writer) => {
        const version = await writer.version(id);
        const resume = version && (await writer.lockResume(version.resumeId));
        // Somebody else may have removed it before the resume was locked.
        if (!resume || !(await writer.version(id))) throw new VersionNotFound(id);
        await writer.deleteVersion(version);
        const latestVersionId = (await writer.newestVersion(resume.id))?.id ?? null;
        const changes = { latestVersionId, updatedAt: clock.now() };
        await writer.updateResume(resume.id, changes);
        return { ...resume, ...changes, revision: resume.revision + 1 };
      }),
  };
}
