import type { RestoreFailure } from '../../domain/backups/backup.js';

/** Why an archive is not restored from; its message is for whoever sent it. */
export class ArchiveRefused extends Error {
  readonly reason: RestoreFailure;

  constructor(reason: RestoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
