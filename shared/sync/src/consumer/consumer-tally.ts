import type { DeliveredMessage } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Metrics } from '@loomgraph/telemetry';
import { writeOne } from '../relay/statement.js';
import type { ConsumerStatus } from './consumer-status.js';
import type { Consumer } from './define-consumer.js';
import { eventIdOf } from './dead-event-row.js';
import { causeOf } from './failure.js';

/** What a delivery counts as. */
export type Counted = 'applied' | 'duplicate' | 'skipped' | 'failed' | 'dead' | 'parked' | 'trouble';

interface Pending {
  applied: number;
  skipped: number;
  failed: number;
  lost: number;
  lastEvent: { readonly id: string; readonly at: number | null } | undefined;
  lastAppliedAt: number | undefined;
  lastError: string | undefined;
}

const nothing = (): Pending => ({
  applied: 0,
  skipped: 0,
  failed: 0,
  lost: 0,
  lastEvent: undefined,
  lastAppliedAt: undefined,
  lastError: undefined,
});

export interface ConsumerMetrics {
  counted(consumer: string, outcome: Counted): void;
  lost(consumer: string, messages: number): void;
  lag(consumer: string, messages: number): void;
  putAside(status: Pick<ConsumerStatus, 'name' | 'dead' | 'parked'>): void;
}

export function createConsumerMetrics(metrics: Metrics, subgraph: string): ConsumerMetrics {
  const labels = ['subgraph', 'consumer'] as const;
  const events = metrics.counter('sync_consumer_events_total', 'Events that reached a consumer, by what became of them.', [
    ...labels,
    'outcome',
  ] as const);
  const lost = metrics.counter('sync_consumer_lost_total', 'Events that a topic gave up before a consumer had them.', labels);
  const lag = metrics.gauge('sync_consumer_lag_events', 'Events that wait for a consumer.', labels);
  const dead = metrics.gauge('sync_consumer_dead_events', 'Events that failed for good and wait for a decision.', labels);
  const parked = metrics.gauge(
    'sync_consumer_parked_events',
    'Events that wait in the table for a newer process or their next attempt.',
    labels,
  );
  return {
    putAside: (status) => {
      dead.set({ subgraph, consumer: status.name }, status.dead);
      parked.set({ subgraph, consumer: status.name }, status.parked);
    },
    counted: (consumer, outcome) => events.inc({ subgraph, consumer, outcome }),
    lost: (consumer, messages) => lost.inc({ subgraph, consumer }, messages),
    lag: (consumer, messages) => lag.set({ subgraph, consumer }, messages),
  };
}

/**
 * Counts what a consumer does, and writes it to its row of table `consumer` now and then, not with each event: a process that is killed forgets what
 * it counted since. Truth is the inbox; these are figures.
 */
export class ConsumerTally {
  readonly #consumer: Consumer;
  readonly #store: RelationalStore;
  readonly #metrics: ConsumerMetrics;
  #pending = nothing();
  #lag: number | undefined;

  constructor(consumer: Consumer, store: RelationalStore, metrics: ConsumerMetrics) {
    this.#consumer = consumer;
    this.#store = store;
    this.#metrics = metrics;
  }

  count(outcome: Counted, message: Pick<DeliveredMessage, 'messageId' | 'headers'>, error?: unknown): void {
    this.#metrics.counted(this.#consumer.name, outcome);
    const pending = this.#pending;
    if (outcome === 'applied' || outcome === 'skipped' || outcome === 'failed') pending[outcome] += 1;
    if (outcome === 'dead') pending.failed += 1;
    if (outcome === 'applied') pending.lastAppliedAt = Date.now();
    if (error !== undefined) pending.lastError = causeOf(error).text;
    if (outcome === 'skipped' || outcome === 'duplicate' || outcome === 'trouble') return;
    const at = Date.parse(message.headers['occurredAt'] ?? '');
    pending.lastEvent = { id: eventIdOf(message.messageId), at: Number.isNaN(at) ? null : at };
  }

  /** What the bus says. */
  observe({ lag, lost }: { readonly lag: number; readonly lost: number }): void {
    this.#lag = lag;
    this.#pending.lost += lost;
    this.#metrics.lag(this.#consumer.name, lag);
    if (lost > 0) this.#metrics.lost(this.#consumer.name, lost);
  }

  async register(): Promise<void> {
    const [verb, clause] =
      this.#store.dialect === 'postgresql'
        ? ['insert', 'on conflict (name) do update set topic = excluded.topic']
        : ['insert', 'on duplicate key update topic = values(topic)'];
    await writeOne(
      this.#store,
      `${verb} into ${this.#store.table('consumer')} (name, topic, applied, skipped, failed) values (?, ?, 0, 0, 0) ${clause}`,
      [this.#consumer.name, this.#consumer.topic],
    );
  }

  /** What cannot be written is kept for the next time. */
  async write(): Promise<void> {
    const written = this.#pending;
    this.#pending = nothing();
    try {
      await writeOne(
        this.#store,
        `update ${this.#store.table('consumer')} set applied = applied + ?, skipped = skipped + ?, failed = failed + ?, lost = lost + ?,
           last_event_id = coalesce(?, last_event_id), last_event_at = coalesce(?, last_event_at),
           last_applied_at = coalesce(?, last_applied_at), last_error = coalesce(?, last_error), waiting = coalesce(?, waiting), seen_at = ?
         where name = ?`,
        [
          written.applied,
          written.skipped,
          written.failed,
          written.lost,
          written.lastEvent?.id ?? null,
          written.lastEvent?.at ?? null,
          written.lastAppliedAt ?? null,
          written.lastError ?? null,
          this.#lag ?? null,
          Date.now(),
          this.#consumer.name,
        ],
      );
    } catch (error) {
      this.#pending = add(written, this.#pending);
      throw error;
    }
  }
}

function add(older: Pending, newer: Pending): Pending {
  return {
    applied: older.applied + newer.applied,
    skipped: older.skipped + newer.skipped,
    failed: older.failed + newer.failed,
    lost: older.lost + newer.lost,
    lastEvent: newer.lastEvent ?? older.lastEvent,
    lastAppliedAt: newer.lastAppliedAt ?? older.lastAppliedAt,
    lastError: newer.lastError ?? older.lastError,
  };
}
