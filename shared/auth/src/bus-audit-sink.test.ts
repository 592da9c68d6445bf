import { decodeEvent, type EventMessage } from '@loomgraph/events';
import { createMemoryLogger, createMetrics } from '@loomgraph/telemetry';
import type { AuditEntry } from './audit-entry.js';
import { createBusAuditSink } from './bus-audit-sink.js';

const entry = (action: string): AuditEntry => ({
  actor: { userId: 'u1' },
  action,
  resource: { type: 'Template', id: 't1' },
  outcome: 'denied',
  reason: 'FORBIDDEN',
  occurredAt: new Date('2026-01-01T00:00:00Z'),
});

/** A bus that fails while it is told to. */
function open(options: object = {}) {
  const published: EventMessage[] = [];
  const bus = {
    isAway: false,
    publish: async (_topic: string, messages: readonly EventMessage[]): Promise<void> => {
      attempts.push(...messages.map(({ messageId }) => messageId));
      if (bus.isAway) throw new Error('away');
      published.push(...messages);
    },
  };
  const attempts: string[] = [];
  const metrics = createMetrics();
  const logger = createMemoryLogger();
  const sink = createBusAuditSink({ bus, source: 'test', logger, metrics, delayMs: 0, retryMs: [3_600_000], closeMs: 20, ...options });
  const actions = (): readonly string[] =>
    published.flatMap((message) => (decodeEvent(message).payload as { entries: { action: string }[] }).entries.map(({ action }) => action));
  return { sink, bus, published, attempts, actions, metrics: async () => (await metrics.render()).body };
}

describe('the audit sink over the bus', () => {
  it('1. takes entries at once and sends them in batches, in order', async () => {
    const { sink, published, actions } = open({ maxBatch: 2 });
    for (const action of ['a.a', 'b.b', 'c.c']) sink.record(entry(action));
    expect(published).toEqual([]);
    await sink.flush();
    expect(published).toHaveLength(2);
    expect(actions()).toEqual(['a.a', 'b.b', 'c.c']);
  });

  it('2. sends a batch again under the same id until it has arrived', async () => {
    const { sink, bus, attempts, actions } = open();
    bus.isAway = true;
    sink.record(entry('a.a'));
    await sink.flush();
    bus.isAway = false;
    sink.record(entry('b.b'));
    await sink.flush();
    expect(attempts).toHaveLength(3);
    expect(attempts[0]).toBe(attempts[1]);
    expect(actions()).toEqual(['a.a', 'b.b']);
  });

  it('3. keeps the oldest, counts what it drops, and says so in the log', async () => {
    const { sink, bus, actions, metrics } = open({ maxEntries: 2 });
    bus.isAway = true;
    for (const action of ['a.a', 'b.b', 'c.c', 'd.d', 'e.e']) sink.record(entry(action));
    expect(await metrics()).toContain('loom_audit_dropped_total{reason="full"} 3');
    bus.isAway = false;
    await sink.flush();
    expect(actions()).toEqual(['a.a', 'b.b', 'audit.drop']);
    await sink.flush();
    expect(actions()).toHaveLength(3);
  });

  it('5. gives up when it is closed and the bus is away, and counts what is lost', async () => {
    const { sink, bus, metrics } = open();
    bus.isAway = true;
    sink.record(entry('a.a'));
    await sink.close();
    sink.record(entry('b.b'));
    expect(await metrics()).toContain('loom_audit_dropped_total{reason="closed"} 2');
  });

  it('5. flushes when it is closed', async () => {
    const { sink, actions } = open({ delayMs: 3_600_000 });
    sink.record(entry('a.a'));
    await sink.close();
    expect(actions()).toEqual(['a.a']);
  });
});
