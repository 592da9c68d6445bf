import { systemClock, uuidSource, type Clock, type IdSource } from '@loomgraph/core';
import type { EventDefinition } from './define-event.js';

/** A fact with what the transport needs to know about it. */
export interface EventEnvelope<T extends string = string, P = unknown> {
  /** Unique; a consumer that sees it twice has applied it already. */
  readonly eventId: string;
  readonly type: T;
  readonly version: number;
  readonly key: string;
  /** When it happened, ISO 8601. */
  readonly occurredAt: string;
  /** W3C trace context of what caused it. */
  readonly traceparent?: string;
  readonly payload: P;
}

export type EnvelopeOf<D> = D extends EventDefinition<infer T, infer P> ? EventEnvelope<T, P> : never;

/** Wraps a payload of an event; the schema is checked when it is encoded. */
export function createEvent<T extends string, P>(
  definition: EventDefinition<T, P>,
  payload: NoInfer<P>,
  context: { ids?: IdSource; clock?: Clock; traceparent?: string | undefined } = {},
): EventEnvelope<T, P> {
  const { ids = uuidSource, clock = systemClock, traceparent } = context;
  return {
    eventId: ids.next(),
    type: definition.type,
    version: definition.version,
    key: definition.key(payload),
    occurredAt: clock.now().toISOString(),
    ...(traceparent === undefined ? {} : { traceparent }),
    payload,
  };
}
