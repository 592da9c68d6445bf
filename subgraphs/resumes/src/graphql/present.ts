import type { Resume as ResumeRecord, ResumeVersion as VersionRecord, ShareLink } from '../domain/resume.js';
import type { Resume, ResumeShareLink, ResumeVersion } from './resume.type.js';

/** An enum's member by the domain's name for it: `needs-ocr` is NEEDS_OCR. */
export const member = <T>(of: Readonly<Record<string, T>>, name: string): T => of[name.toUpperCase().replaceAll('-', '_')] as T; // both list the same

/** The record as the schema shows it. */
export function toResume(record: ResumeRecord): Resume {
  const { id, userId, title, language, createdAt, updatedAt, revision } = record;
  return { id, userId, title, language, createdAt, updatedAt, revision, record };
}

export function toResumeVersion(record: VersionRecord): ResumeVersion {
  const { id, resumeId, number, fileName, contentType, sizeBytes, sha256, comment, createdBy, createdAt } = record;
  return { id, resumeId, number, fileName, mimeType: contentType, sizeBytes, sha256, comment, createdBy, createdAt, record };
}

export function toShareLink(record: ShareLink): ResumeShareLink {
  const { id, versionId, createdAt, expiresAt, revokedAt, uses } = record;
  return { id, versionId, createdAt, expiresAt, revokedAt, uses, record };
}
