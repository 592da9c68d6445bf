import { DomainError } from '@loomgraph/core';

export class ResumeNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no resume ${id}, or it is not shared with you.`, { details: { resumeId: id } });
  }
}

export class VersionNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no resume version ${id}, or it is not shared with you.`, { details: { versionId: id } });
  }
}

export class UploadNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no upload ${id}: it has ended, or was never asked for. Ask for another with requestResumeUpload.`, {
      details: { uploadId: id },
    });
  }
}

export class ShareLinkNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no share link ${id}; shareLinks of the resume has them.`, { details: { shareLinkId: id } });
  }
}

export class RevisionConflict extends DomainError {
  constructor(id: string, expected: number, actual: number) {
    super('CONFLICT', `Resume ${id} is at revision ${actual}, not ${expected}: read it again and repeat the change.`, {
      details: { resumeId: id, expectedRevision: expected, revision: actual },
    });
  }
}

export class TooMany extends DomainError {
  constructor(what: string, limit: number, remedy: string) {
    super('BAD_USER_INPUT', `A resume has at most ${limit} ${what}; ${remedy}.`, { details: { limit } });
  }
}

export type RefusalReason = 'empty' | 'too-large' | 'type' | 'name' | 'checksum' | 'infected' | 'missing' | 'expired';

/** A file that is not taken. */
export class FileRefused extends DomainError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, details: Record<string, unknown> = {}) {
    super('FILE_REFUSED', message, { details: { ...details, reason } });
    this.reason = reason;
  }
}
