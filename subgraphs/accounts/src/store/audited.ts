import type { Transaction, UnitOfWork } from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import type { AuditNote } from '../domain/audit-trail.js';

/** Into the audit log, with the transaction. */
export type WriteAudit = (em: EntityManager, notes: readonly AuditNote[]) => Promise<void>;

/**
 * Units of work whose writer takes notes for the audit log. They are written with the transaction, last: the log's head is what all writers queue at.
 * @param createWriter over a transaction; `audit` is the writer's own
 */
export function auditedUnitOfWork<Writer>(
  { unitOfWork, audit }: { readonly unitOfWork: UnitOfWork; readonly audit: WriteAudit },
  createWriter: (transaction: Transaction, audit: (note: AuditNote) => void) => Writer,
): { run<T>(work: (writer: Writer) => Promise<T>): Promise<T> } {
  return {
    run: (work) =>
      unitOfWork.run(async (transaction) => {
        const notes: AuditNote[] = [];
        const answer = await work(createWriter(transaction, (note) => void notes.push(note)));
        if (notes.length > 0) await audit(transaction.em, notes);
        return answer;
      }),
  };
}
