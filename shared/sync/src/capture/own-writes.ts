import type { EventSubscriber, FlushEventArgs } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { RecordType } from '../record.js';

/**
 * Tells the triggers of `captureTriggers` that `ChangeCapture` captures a flush itself; two statements around each flush that changes such records.
 * Around the flush alone: native statements of the same transaction are captured by the triggers.
 *
 * What says so is bound to the transaction and goes when it is rolled back, so a failed flush never leaves a connection whose writes nobody captures,
 * as a session variable of MySQL would: PostgreSQL has settings of a transaction; in MySQL it is a row, which is gone before the commit. (Comparing
 * revisions would not do: other programs may raise them too, and insertions and deletions have none to compare.)
 */
export class OwnWrites implements EventSubscriber {
  readonly #classes: ReadonlySet<string>;

  constructor(records: readonly RecordType[]) {
    this.#classes = new Set(records.map((record) => record.entity.meta.className));
  }

  async onFlush(args: FlushEventArgs): Promise<void> {
    if (this.#concerns(args)) await mark(args, 'on');
  }

  async afterFlush(args: FlushEventArgs): Promise<void> {
    if (this.#concerns(args)) await mark(args, 'off');
  }

  #concerns({ em, uow }: FlushEventArgs): boolean {
    return em.isInTransaction() && uow.getChangeSets().some((change) => this.#classes.has(change.rootMeta.className));
  }
}

const statements = {
  postgresql: {
    on: `select set_config('loom.own_writes', 'on', true)`,
    off: `select set_config('loom.own_writes', '', true)`,
  },
  mysql: {
    on: 'insert into `capture_own` values (connection_id()) on duplicate key update connection = connection',
    off: 'delete from `capture_own` where connection = connection_id()',
  },
} as const;

async function mark(args: FlushEventArgs, state: 'on' | 'off'): Promise<void> {
  const em = args.em as EntityManager; // every store of this package is an SQL one
  // A subscriber is made before its store; of the two kinds, only PostgreSQL has a default schema.
  const dialect = em.getPlatform().getDefaultSchemaName() === undefined ? 'mysql' : 'postgresql';
  await em.execute(statements[dialect][state], [], dialect === 'postgresql' ? 'all' : 'run');
}
