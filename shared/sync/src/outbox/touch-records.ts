import type { EntityManager } from '@mikro-orm/sql';
import type { RecordType } from '../record.js';
import { enterOutbox } from './write-outbox.js';

/**
 * Writes outbox rows for records that a native statement changed in this transaction. The statement must have raised their version.
 */
export function touchRecords(
  em: EntityManager,
  record: RecordType,
  changed: readonly { id: string; revision: number; deleted?: boolean }[],
  now = Date.now(),
): void {
  for (const { id, revision, deleted = false } of changed) {
    enterOutbox(em, {
      kind: 'c',
      recordType: record.type,
      recordId: id,
      revision,
      deleted,
      event: null,
      traceparent: null,
      occurredAt: now,
    });
  }
}
