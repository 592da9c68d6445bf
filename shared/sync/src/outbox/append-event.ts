import { encodeEvent, type EventEnvelope, type LoomEvent } from '@loomgraph/events';
import { currentTraceparent } from '@loomgraph/telemetry';
import type { EntityManager } from '@mikro-orm/sql';
import { enterOutbox } from './write-outbox.js';

/**
 * Appends a domain event to the outbox of the running transaction; the relay publishes it after the commit, at least once.
 * It is checked and encoded here: an event that does not fit its schema fails the use case, not the relay.
 */
export function appendEvent(em: EntityManager, event: EventEnvelope): void {
  const traceparent = event.traceparent ?? currentTraceparent();
  enterOutbox(em, {
    kind: 'e',
    recordType: event.type,
    recordId: event.key,
    revision: 0,
    deleted: false,
    event: JSON.stringify(encodeEvent({ ...event, ...(traceparent === undefined ? {} : { traceparent }) } as LoomEvent)), // encodeEvent refuses what is in no catalogue
    traceparent: traceparent ?? null,
    occurredAt: Date.parse(event.occurredAt),
  });
}
