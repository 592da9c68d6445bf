import { systemClock, type Clock } from '@loomgraph/core';
import { createEvent, encodeEvent, eventCatalogue, topicOf, type EventMessage } from '@loomgraph/events';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { cleanEntry, type AuditEntry } from './audit-entry.js';
import type { AuditSink } from './audit-sink.js';

/** What of the bus a sink needs; the bus port has it. */
export interface AuditBus {
  publish(topic: string, messages: readonly EventMessage[]): Promise<void>;
}

export interface BusAuditSinkOptions {
  readonly bus: AuditBus;
  /** Which process this is; events of one source arrive in order. */
  readonly source: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  /** Entries kept while the bus does not take them. Default 10,000. */
  readonly maxEntries?: number;
  /** Entries in one event. Default 200. */
  readonly maxBatch?: number;
  /** How long the first entry of a batch waits for more. Default 200 ms. */
  readonly delayMs?: number;
  /** Waits after failures in a row; the last one goes on. Default from 0.5 s to 30 s. */
  readonly retryMs?: readonly number[];
  /** How long `close` tries to get rid of what is left. Default 2 s. */
  readonly closeMs?: number;
}

const TOPIC = topicOf('audit.recorded');

/** Sends entries to the audit log in batches, as events `audit.recorded`. A batch that may have arrived is sent again under the same id. */
export function createBusAuditSink(options: BusAuditSinkOptions): AuditSink {
  const { bus, source, logger, metrics, clock = systemClock } = options;
  const { maxEntries = 10_000, maxBatch = 200, delayMs = 200, retryMs = [500, 1_000, 5_000, 30_000], closeMs = 2_000 } = options;
  const recorded = metrics.counter('audit_recorded_total', 'Entries taken for the audit log, by outcome.', ['outcome']);
  const dropped = metrics.counter('audit_dropped_total', 'Entries that did not reach the audit log.', ['reason']);
  for (const reason of ['full', 'closed']) dropped.inc({ reason }, 0);
  const waiting: AuditEntry[] = [];
  metrics.gauge('audit_waiting', 'Entries that wait for the bus.', [], (gauge) => gauge.set({}, waiting.length));

  let missed = 0;
  let closed = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let batch: { readonly message: EventMessage; readonly missed: number; readonly entries: number } | undefined;

  const makeBatch = (): NonNullable<typeof batch> => {
    const taken = waiting.splice(0, maxBatch);
    const note: AuditEntry = {
      actor: {},
      action: 'audit.drop',
      resource: { type: 'AuditLog' },
      outcome: 'failed',
      reason: 'full',
      occurredAt: clock.now(),
      details: { count: missed, source: source.slice(0, 64) },
    };
    const entries = missed > 0 ? [...taken, note] : taken;
    const payload = { source, entries: entries.map(({ occurredAt, ...entry }) => ({ ...entry, occurredAt: occurredAt.toISOString() })) };
    const message = encodeEvent(createEvent(eventCatalogue['audit.recorded'], payload, { clock }));
    return { message, missed, entries: taken.length };
  };

  const sendOne = async (): Promise<void> => {
    batch ??= makeBatch();
    await bus.publish(TOPIC, [batch.message]);
    missed -= batch.missed;
    batch = undefined;
    failures = 0;
  };

  const isOwed = (): boolean => batch !== undefined || waiting.length > 0 || missed > 0;

  const send = async (): Promise<void> => {
    try {
      while (isOwed()) await sendOne();
    } catch (error) {
      const waitMs = retryMs[Math.min(failures, retryMs.length - 1)] ?? 0;
      failures += 1;
      if (failures === 1) logger.warn('Audit entries wait: the bus does not take them.', { waiting: waiting.length, error });
      if (!closed) schedule(waitMs);
    }
  };
  const start = (): Promise<void> => (sending ??= send().finally(() => (sending = undefined)));
  const schedule = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void start();
    }, afterMs);
    // A process that has nothing else to do must not wait for its audit log; `close` does.
    timer.unref();
  };

  const flush = async (): Promise<void> => {
    await sending;
    await start();
  };
  const shut = async (): Promise<void> => {
    closed = true;
    clearTimeout(timer);
    const limit = AbortSignal.timeout(closeMs);
    await Promise.race([flush(), new Promise<void>((resolve) => limit.addEventListener('abort', () => resolve(), { once: true }))]);
    const left = waiting.length + (batch?.entries ?? 0);
    if (left === 0) return;
    dropped.inc({ reason: 'closed' }, left);
    logger.error('Audit entries were lost: the bus did not take them before the process ended.', { count: left });
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shut());

  return {
    record(entry) {
      if (closed || waiting.length >= maxEntries) {
        dropped.inc({ reason: closed ? 'closed' : 'full' });
        if (!closed) missed += 1;
        return;
      }
      waiting.push(cleanEntry(entry));
      recorded.inc({ outcome: entry.outcome });
      if (failures === 0) schedule(waiting.length >= maxBatch ? 0 : delayMs);
    },
    flush,
    close,
    [Symbol.asyncDispose]: close,
  };
}
