import { cleanEntry } from '@loomgraph/auth';
import type { Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import type { AuditAppender, AuditFact } from '../../domain/audit.js';
import { AUDIT_COLUMNS, toRow, type AuditRow } from './audit-row.js';

/** Rows of one statement. */
const AT_ONCE = 100;

export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
  readonly anchors: number;
  readonly anchoredSeq: number;
}

/**
 * Appends to the audit log in the running transaction.
 *
 * 1. Writers queue at the head's row, so the order of the log is the order of commits, without gaps; a transaction that is rolled back leaves none.
 * 2. What the transaction has changed is flushed first: the head is the last thing it locks, so that those that hold it wait for nobody. Append last.
 */
export function createAuditAppender(em: EntityManager, { store, clock }: { store: RelationalStore; clock: Clock }): AuditAppender {
  return {
    async append(...facts) {
      if (facts.length === 0) return;
      await em.flush();
      const { seq, hash } = await lockHead(em, store);
      const rows = chain(facts, { seq, hash }, clock.now().getTime());
      for (let from = 0; from < rows.length; from += AT_ONCE) await insert(em, store, rows.slice(from, from + AT_ONCE));
      const last = rows.at(-1);
      await em.execute(`update ${store.table('audit_head')} set seq = ?, hash = ? where id = 1`, [last?.seq, last?.hash], 'run');
    },
  };
}

/** The head as it stands. */
export async function readHead(store: RelationalStore): Promise<AuditHead> {
  return toHead(
    await store.read().execute<HeadRow[]>(`select seq, hash, anchors, anchored_seq from ${store.table('audit_head')} where id = 1`),
  );
}

interface HeadRow {
  readonly seq: number | string;
  readonly hash: string;
  readonly anchors: number | string;
  readonly anchored_seq: number | string;
}

async function lockHead(em: EntityManager, store: RelationalStore): Promise<AuditHead> {
  return toHead(
    await em.execute<HeadRow[]>(`select seq, hash, anchors, anchored_seq from ${store.table('audit_head')} where id = 1 for update`),
  );
}

function toHead([row]: readonly HeadRow[]): AuditHead {
  if (!row) throw new Error('The audit log has lost its head (audit_head): see docs/runbooks/audit-verification.md.');
  return { seq: Number(row.seq), hash: row.hash, anchors: Number(row.anchors), anchoredSeq: Number(row.anchored_seq) };
}

function chain(facts: readonly AuditFact[], head: Pick<AuditHead, 'seq' | 'hash'>, recordedAt: number): readonly AuditRow[] {
  let { seq, hash } = head;
  return facts.map((fact) => {
    const row = toRow(cleanEntry(fact), { seq: ++seq, previous: hash, recordedAt });
    ({ hash } = row);
    return row;
  });
}

async function insert(em: EntityManager, store: RelationalStore, rows: readonly AuditRow[]): Promise<void> {
  const one = `(${AUDIT_COLUMNS.map(() => '?').join(', ')})`;
  await em.execute(
    `insert into ${store.table('audit_record')} (${AUDIT_COLUMNS.join(', ')}) values ${rows.map(() => one).join(', ')}`,
    rows.flatMap((row) => AUDIT_COLUMNS.map((column) => row[column])),
    'run',
  );
}
