import { DomainError } from '@loomgraph/core';
import { backupLimits } from './backup.js';

export class BackupNotFound extends DomainError {
  constructor(id: string) {
    super(
      'NOT_FOUND',
      `There is no backup ${id} of yours: it has expired, was deleted, or never was. resumeBackups has those that are there.`,
      {
        details: { backupId: id },
      },
    );
  }
}

export class BackupNotReady extends DomainError {
  constructor(id: string, state: string) {
    super('CONFLICT', `Backup ${id} is ${state}: restore from one that is done.`, { details: { backupId: id, state } });
  }
}

export class RestoreNotFound extends DomainError {
  constructor(id: string) {
    super(
      'NOT_FOUND',
      `There is no restore ${id} of yours: it has expired, or never was. Ask for another with requestResumeArchiveUpload.`,
      {
        details: { restoreId: id },
      },
    );
  }
}

export class RestoreUnderWay extends DomainError {
  constructor(id: string) {
    super('CONFLICT', `Restore ${id} was asked for with another policy already: upload the archive again for another one.`, {
      details: { restoreId: id },
    });
  }
}

export class ArchiveTooLarge extends DomainError {
  constructor(sizeBytes: number, limit: number) {
    super('FILE_REFUSED', `The archive has ${sizeBytes} bytes, ${limit} are the most.`, {
      details: { reason: sizeBytes <= 0 ? 'empty' : 'too-large', limit },
    });
  }
}

export class TooManyBackups extends DomainError {
  constructor() {
    super('BAD_USER_INPUT', `${backupLimits.backups} backups of a user are kept; delete one first (deleteResumeBackup).`, {
      details: { limit: backupLimits.backups },
    });
  }
}

export class TooManyRestores extends DomainError {
  constructor() {
    super('BAD_USER_INPUT', `${backupLimits.restores} restores of a user can be under way; wait until one is over.`, {
      details: { limit: backupLimits.restores },
    });
  }
}
