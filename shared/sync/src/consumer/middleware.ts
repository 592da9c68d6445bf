import type { EventEnvelope } from '@loomgraph/events';
import { continueTrace, withSpan, type Logger, type Metrics } from '@loomgraph/telemetry';

/** An event on its way to a consumer's handler. */
export interface ConsumedEvent {
  readonly event: EventEnvelope;
  readonly consumer: string;
  readonly topic: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** By the bus's clock, ms since the epoch. */
  readonly publishedAt: number;
}

/**
 * What became of a delivery. `applied`; `duplicate`: it was before; `behind`: an earlier event of its key is parked; `settled`: it is a dead event that
 * waits for a decision; `superseded`: the consumer starts over elsewhere, and it comes again there.
 */
export type EventOutcome = 'applied' | 'duplicate' | 'behind' | 'settled' | 'superseded';

/** Runs what comes after. */
export type NextMiddleware = () => Promise<EventOutcome>;

/**
 * Wraps the handling of an event: inbox, handler and commit. It answers what `next` answered, or throws: then the event has failed, and comes again.
 */
export type EventMiddleware = (event: ConsumedEvent, next: NextMiddleware) => Promise<EventOutcome>;

/** One function of many, the first outermost. */
export function compose(
  middleware: readonly EventMiddleware[],
  innermost: (event: ConsumedEvent) => Promise<EventOutcome>,
): (event: ConsumedEvent) => Promise<EventOutcome> {
  return middleware.reduceRight<(event: ConsumedEvent) => Promise<EventOutcome>>(
    (inner, one) => (event) => one(event, () => inner(event)),
    innermost,
  );
}

/** Continues the trace of what caused the event, in a span of its own. */
export const traceEvents: EventMiddleware = ({ event, consumer, topic, attempt }, next) =>
  continueTrace(event.traceparent, () =>
    withSpan(
      `consume ${event.type}`,
      { 'messaging.destination.name': topic, 'messaging.consumer.group.name': consumer, 'messaging.message.id': event.eventId, attempt },
      () => next(),
    ),
  );

/** A line for each event at `debug`, and one for each failure at `warn`. */
export const logEvents =
  (logger: Logger): EventMiddleware =>
  async ({ event, consumer, attempt }, next) => {
    const facts = { consumer, eventId: event.eventId, type: event.type, key: event.key, attempt };
    try {
      const outcome = await next();
      logger.debug('An event was consumed.', { ...facts, outcome });
      return outcome;
    } catch (error) {
      logger.warn('An event could not be applied.', { ...facts, error });
      throw error;
    }
  };

/** How long events take, and how long they were on their way. */
export function measureEvents(metrics: Metrics, subgraph: string): EventMiddleware {
  const labels = ['subgraph', 'consumer'] as const;
  const duration = metrics.histogram('sync_consumer_seconds', 'Time an event took, its transaction included.', [
    ...labels,
    'outcome',
  ] as const);
  const delay = metrics.histogram('sync_consumer_delay_seconds', 'From the publication of an event to its application.', labels);
  return async ({ consumer, publishedAt }, next) => {
    const stop = duration.startTimer({ subgraph, consumer });
    let outcome: EventOutcome | 'failed' = 'failed';
    try {
      outcome = await next();
      if (outcome === 'applied') delay.observe({ subgraph, consumer }, Math.max(0, Date.now() - publishedAt) / 1000);
      return outcome;
    } finally {
      stop({ outcome });
    }
  };
}
