import { currentTraceparent } from '@loomgraph/telemetry';
import { ChangeSetType, type ChangeSet, type EventSubscriber, type FlushEventArgs, type TransactionEventArgs } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { RecordType } from '../record.js';
import { enterOutbox, forgetEntries, writeOutbox } from './write-outbox.js';

/**
 * Turns the change sets of a unit of work into outbox rows of the same transaction, so a change and its row commit together or not at all.
 * Statements that bypass the unit of work are not seen: use `touchRecords` beside them.
 */
export class ChangeCapture implements EventSubscriber {
  readonly #types: ReadonlyMap<string, string>;
  readonly #now: () => number;

  constructor(records: readonly RecordType[], now: () => number = Date.now) {
    this.#types = new Map(records.map((record) => [record.entity.meta.className, record.type]));
    this.#now = now;
  }

  onFlush({ em, uow }: FlushEventArgs): void {
    for (const change of uow.getChangeSets()) {
      const type = this.#types.get(change.rootMeta.className);
      if (type === undefined) continue;
      enterOutbox(em as EntityManager, {
        kind: 'c',
        recordType: type,
        recordId: String(change.getPrimaryKey()),
        revision: nextRevision(change),
        deleted: change.type === ChangeSetType.DELETE || change.type === ChangeSetType.DELETE_EARLY,
        event: null,
        traceparent: currentTraceparent() ?? null,
        occurredAt: this.#now(),
      });
    }
  }

  /** A unit of work has written them by now; this is for transactions that are none. */
  async beforeTransactionCommit({ em }: TransactionEventArgs): Promise<void> {
    await writeOutbox(em as EntityManager);
  }

  afterTransactionRollback({ em }: TransactionEventArgs): Promise<void> {
    forgetEntries(em);
    return Promise.resolve();
  }
}

/** MikroORM writes 1 on insert and adds one on update; a deletion is one more than the last revision there was. */
function nextRevision(change: ChangeSet<object>): number {
  if (change.type === ChangeSetType.CREATE) return 1;
  const property = change.meta.versionProperty;
  const loaded =
    (change.originalEntity as Record<string, unknown> | undefined)?.[property] ?? (change.entity as Record<string, unknown>)[property];
  return Number(loaded) + 1;
}
