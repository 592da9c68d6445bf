import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Backup, Check, Restore } from '../domain/backups/backup.js';
import type { BackupReader } from '../domain/backups/ports.js';
import { ResumeBackupEntity, ResumeCheckEntity, ResumeRestoreEntity } from './entities.js';

const newestFirst = { orderBy: { createdAt: 'desc', id: 'desc' } } as const;

export function createBackupReader(store: RelationalStore): BackupReader {
  return {
    backup: async (id) => (await store.read().findOne(ResumeBackupEntity, { id })) as Backup | null,
    backupsOf: async (userId) => (await store.read().find(ResumeBackupEntity, { userId }, newestFirst)) as unknown as readonly Backup[],
    restore: async (id) => toRestore(await store.read().findOne(ResumeRestoreEntity, { id })),
    check: async (id) => toCheck(await store.read().findOne(ResumeCheckEntity, { id })),
    checks: async () => (await store.read().find(ResumeCheckEntity, {}, newestFirst)).map((row) => toCheck(row) as Check),
  };
}

/** What is JSON in the row was written by the writer. */
export const toRestore = (row: { readonly outcomes: string } | null): Restore | null =>
  row && ({ ...row, outcomes: JSON.parse(row.outcomes) } as Restore);

const toCheck = (row: { readonly figures: string } | null): Check | null => row && ({ ...row, figures: JSON.parse(row.figures) } as Check);
