import type { Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { readHead } from '../store/audit/append.js';
import type { AuditAnchors } from './audit-anchors.js';

export interface AuditAnchoringOptions {
  readonly store: RelationalStore;
  readonly anchors: AuditAnchors;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The longest a record waits for an anchor while the object store answers. */
  readonly everyMs: number;
}

/** Anchors the head of the audit log in the second store, again and again. Any number of processes may: an anchor more does no harm. */
export interface AuditAnchoring extends AsyncDisposable {
  start(): void;
  /** Anchors now what is not anchored. @returns the anchored sequence; 0 for an empty log */
  anchor(): Promise<number>;
  /** Anchors a last time. */
  stop(): Promise<void>;
}

export function createAuditAnchoring(options: AuditAnchoringOptions): AuditAnchoring {
  const { store, anchors, clock, logger, metrics, everyMs } = options;
  const outcomes = metrics.counter('audit_anchors_total', 'Anchors of the audit log, by outcome.', ['outcome']);
  for (const outcome of ['made', 'failed']) outcomes.inc({ outcome }, 0);
  metrics.gauge('audit_unanchored_records', 'Records of the audit log that no anchor covers yet.', [], async (gauge) => {
    const head = await readHead(store);
    gauge.set({}, head.seq - head.anchoredSeq);
  });

  const anchor = async (): Promise<number> => {
    const { seq, hash, anchors: made, anchoredSeq } = await readHead(store);
    if (seq === anchoredSeq) return seq;
    const ordinal = made + 1;
    await anchors.put({ ordinal, sequence: seq, hash }, clock.now());
    await store.transaction((em) =>
      em.execute(
        // The head is counted up only after the object is there: an anchor that the head knows of was made.
        `update ${store.table('audit_head')} set anchors = ?, anchored_seq = ? where id = 1 and anchors = ?`,
        [ordinal, seq, made],
        'run',
      ),
    );
    outcomes.inc({ outcome: 'made' });
    return seq;
  };

  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const attempt = async (): Promise<void> => {
    try {
      await anchor();
    } catch (error) {
      outcomes.inc({ outcome: 'failed' });
      logger.warn('The audit log could not be anchored.', { error });
    }
  };
  const stop = async (): Promise<void> => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    await running;
    await attempt();
  };
  return {
    anchor,
    start() {
      timer ??= setInterval(() => (running ??= attempt().finally(() => (running = undefined))), everyMs);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
