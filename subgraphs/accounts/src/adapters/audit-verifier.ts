import type { RelationalStore } from '@loomgraph/stores/relational';
import type { AuditVerification, AuditVerifier } from '../domain/audit.js';
import { readHead } from '../store/audit/append.js';
import { AUDIT_COLUMNS, GENESIS, hashRow, type AuditRow } from '../store/audit/audit-row.js';
import type { AuditAnchor, AuditAnchors } from './audit-anchors.js';
import { createFindings, type Findings } from './audit-findings.js';

const PAGE = 1_000;

/**
 * Walks the audit log from record to record, and the anchors beside it, holding a page of each: hashes, links, gaps, anchors, head.
 *
 * It may run while others append: what is appended meanwhile is looked at as far as it is seen. Records that no anchor covers can be cut off
 * together with the head without a trace, which is why `anchoredTo` is answered.
 */
export function createAuditVerifier({ store, anchors }: { store: RelationalStore; anchors: AuditAnchors }): AuditVerifier {
  return {
    async verify({ from = 1, limit = Number.MAX_SAFE_INTEGER } = {}): Promise<AuditVerification> {
      const head = await readHead(store);
      const findings = createFindings();
      const walk = createWalk({ from, findings, before: await hashBefore(store, from) });
      const beside = await besideOf(anchors, from, findings);
      let checked = 0;
      let atEnd = false;
      while (!atEnd && checked < limit) {
        const rows = await readPage(store, walk.next, Math.min(PAGE, limit - checked));
        atEnd = rows.length < Math.min(PAGE, limit - checked);
        for (const row of rows) {
          walk.take(row);
          if (Number(row.seq) === head.seq && row.hash !== head.hash)
            findings.add('head', head.seq, head.seq, `The head has another hash than record ${head.seq}.`);
          await beside.pass(row);
        }
        checked += rows.length;
      }
      if (atEnd) await checkEnd({ store, findings, head, from, last: walk.next - 1, beside });
      const { list, count } = findings;
      return {
        intact: count === 0,
        checked,
        anchors: beside.compared,
        last: walk.next - 1,
        next: atEnd ? null : walk.next,
        findings: list,
        found: count,
        anchoredTo: beside.newest?.sequence ?? 0,
      };
    },
  };
}

/** Hashes, links and gaps. */
function createWalk({ from, findings, before }: { from: number; findings: Findings; before: string | undefined }) {
  const state = { next: from, previous: before };
  return {
    get next() {
      return state.next;
    },
    take(row: AuditRow): void {
      const seq = Number(row.seq);
      const isGap = seq > state.next;
      if (isGap) findings.add('missing', state.next, seq - 1, `${seq - state.next} records are gone.`);
      if (hashRow(row) !== row.hash) findings.add('edited', seq, seq, 'The content does not fit its hash.');
      // What follows a gap, or the unknown, has nothing to be compared with.
      if (!isGap && state.previous !== undefined && row.previous !== state.previous)
        findings.add('broken-link', seq, seq, 'It does not follow the record before it: one of the two was replaced, moved or inserted.');
      state.previous = row.hash;
      state.next = seq + 1;
    },
  };
}

interface Beside {
  readonly compared: number;
  readonly newest: AuditAnchor | undefined;
  /** Compares the anchors of this record, and of those before it that are missing. */
  pass(row: AuditRow): Promise<void>;
  /** Goes through what is left of the anchors. */
  drain(): Promise<void>;
}

/** The anchors, in step with the records. */
async function besideOf(anchors: AuditAnchors, from: number, findings: Findings): Promise<Beside> {
  const rest = anchors.from(from);
  let pending = await rest.next();
  let newest: AuditAnchor | undefined;
  let agreed = from - 1;
  let compared = 0;
  const advance = async (anchor: AuditAnchor): Promise<void> => {
    const expected = newest === undefined ? (from === 1 ? 1 : anchor.ordinal) : newest.ordinal + 1;
    if (anchor.ordinal > expected)
      findings.add(
        'anchors',
        anchor.sequence,
        anchor.sequence,
        `Anchors ${expected} to ${anchor.ordinal - 1} are gone from the second store.`,
      );
    newest = anchor;
    pending = await rest.next();
  };
  return {
    get compared() {
      return compared;
    },
    get newest() {
      return newest;
    },
    async pass(row) {
      const seq = Number(row.seq);
      while (!pending.done && pending.value.sequence <= seq) {
        const anchor = pending.value;
        if (anchor.sequence === seq) {
          compared += 1;
          if (anchor.hash === row.hash) agreed = seq;
          else
            findings.add(
              'rewritten',
              agreed + 1,
              seq,
              `Anchor ${anchor.ordinal} has another hash for record ${seq}; up to ${agreed} the anchors agree.`,
            );
        }
        await advance(anchor);
      }
    },
    async drain() {
      while (!pending.done) await advance(pending.value);
    },
  };
}

async function checkEnd(end: {
  readonly store: RelationalStore;
  readonly findings: Findings;
  readonly head: Awaited<ReturnType<typeof readHead>>;
  readonly from: number;
  readonly last: number;
  readonly beside: Beside;
}): Promise<void> {
  const { store, findings, head, from, last, beside } = end;
  await beside.drain();
  const anchored = beside.newest?.sequence ?? 0;
  // Others may have appended, and anchored, since the last page was read.
  const there = Math.max(last, await lastSequence(store));
  const seen = Math.max(head.seq, anchored);
  if (there < seen) {
    const witness = anchored > there ? `an anchor has seen record ${anchored}` : `the head is at ${head.seq}`;
    findings.add('truncated', there + 1, seen, `The log ends with record ${there}, but ${witness}.`);
  }
  if (head.seq < last && (await readHead(store)).seq < last)
    findings.add('head', head.seq + 1, last, `The head is at ${head.seq}, behind the last record ${last}.`);
  const ordinal = beside.newest?.ordinal ?? 0;
  if (head.anchors > ordinal && anchored < head.anchoredSeq && head.anchoredSeq >= from)
    findings.add('anchors', anchored + 1, head.anchoredSeq, `Anchors ${ordinal + 1} to ${head.anchors} are gone from the second store.`);
}

/** What the first record has to follow; undefined where that cannot be told. */
async function hashBefore(store: RelationalStore, from: number): Promise<string | undefined> {
  if (from <= 1) return GENESIS;
  const [row] = await store.read().execute<{ hash: string }[]>(`select hash from ${store.table('audit_record')} where seq = ?`, [from - 1]);
  return row?.hash;
}

function readPage(store: RelationalStore, from: number, limit: number): Promise<AuditRow[]> {
  return store
    .read()
    .execute<AuditRow[]>(
      `select ${AUDIT_COLUMNS.join(', ')} from ${store.table('audit_record')} where seq >= ? order by seq limit ${limit}`,
      [from],
    );
}

async function lastSequence(store: RelationalStore): Promise<number> {
  const [row] = await store
    .read()
    .execute<{ last: number | string | null }[]>(`select max(seq) as last from ${store.table('audit_record')}`);
  return Number(row?.last ?? 0);
}
