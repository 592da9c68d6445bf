import {
  createEventCodec,
  eventCatalogue,
  topicOf,
  type EnvelopeOf,
  type EventCatalogue,
  type EventEnvelope,
  type EventMessage,
} from '@loomgraph/events';
import type { EntityManager } from '@mikro-orm/sql';
import { exponential } from '../projection/policy.js';
import type { EventMiddleware } from './middleware.js';

/** How a consumer is run. */
export interface ConsumerPolicy {
  /** Events handled at once, in each process; those of one key never are. */
  readonly concurrency: number;
  /** Failures of an event's own before it becomes a dead event. */
  readonly maxAttempts: number;
  /** Wait after the n-th failure (from 1), before jitter, in ms. */
  readonly backoff: (failures: number) => number;
  /** A handler that takes longer has failed, and its transaction is rolled back. */
  readonly timeLimitMs: number;
}

export const defaultConsumerPolicy: ConsumerPolicy = {
  concurrency: 8,
  maxAttempts: 8,
  backoff: exponential(500, 60_000),
  timeLimitMs: 30_000,
};

/** What a handler works with. */
export interface HandlerContext {
  /** The transaction that also notes that the event is applied. It may be run again after a deadlock: no effects outside. */
  readonly em: EntityManager;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborted when the time limit has passed; the transaction is rolled back then. */
  readonly signal: AbortSignal;
}

/** A handler per event type; a type without one is skipped. */
export type EventHandlers<C extends object> = {
  readonly [T in keyof C]?: (event: EnvelopeOf<C[T]>, context: HandlerContext) => Promise<void>;
};

/** How a consumer starts over from a point in time. */
export interface ConsumerReset<Event> {
  /** Undoes the effects of all events whose time is `sinceMs` or later, of no others. */
  readonly reset: (em: EntityManager, sinceMs: number) => Promise<void>;
  /** The points are multiples of this; a consumer that adds up by day can only start over with a day. Default 1. */
  readonly everyMs?: number;
  /** The time of an event, as `reset` means it. Default: when it occurred. */
  readonly timeOf?: (event: Event) => number;
}

export interface ConsumerDefinition<C extends object> {
  /** Stable: inbox, group, metrics and dead events carry it. Lower case, digits and hyphens, at most 56. */
  readonly name: string;
  /** Where the events are published: `<owner>-events`. */
  readonly topic: string;
  readonly events: EventHandlers<NoInfer<C>>;
  /** Where the events are declared. Default: the catalogue of `@loomgraph/events`. */
  readonly catalogue?: C;
  /** Where a new consumer starts. Default `earliest`: all the topic holds. */
  readonly from?: 'earliest' | 'latest';
  /** Run around each event, the first one outermost, inside those of the host. */
  readonly middleware?: readonly EventMiddleware[];
  readonly policy?: Partial<ConsumerPolicy>;
  /** `idempotent`: applying an event again changes nothing. Left out: the consumer cannot be replayed. */
  readonly replay?: 'idempotent' | ConsumerReset<EnvelopeOf<NoInfer<C>[keyof C]>>;
}

export interface Consumer {
  readonly name: string;
  readonly topic: string;
  readonly from: 'earliest' | 'latest';
  readonly middleware: readonly EventMiddleware[];
  readonly policy: ConsumerPolicy;
  readonly replay: 'idempotent' | Pick<ConsumerReset<never>, 'reset' | 'everyMs'> | undefined;
  handles(type: string): boolean;
  /** @throws EventError */
  decode(message: EventMessage): EventEnvelope;
  handle(event: EventEnvelope, context: HandlerContext): Promise<void>;
  /** Ms since the epoch, as its reset means it. */
  timeOf(event: EventEnvelope): number;
}

type AnyHandler = (event: EventEnvelope, context: HandlerContext) => Promise<void>;

/** Declares what is done with the events of a topic. Throws when the name has another form or an event is published elsewhere. */
export function defineConsumer<C extends object = EventCatalogue>(definition: ConsumerDefinition<C>): Consumer {
  const { name, topic, replay } = definition;
  if (!/^[a-z][a-z\d-]{0,55}$/.test(name)) throw new Error(`"${name}" is no name of a consumer: use a-z, 0-9 and "-", at most 56.`);
  for (const type of Object.keys(definition.events))
    if (topicOf(type) !== topic) throw new Error(`${name}: ${type} is published to ${topicOf(type)}, not to ${topic}.`);
  const handlers = definition.events as Readonly<Record<string, AnyHandler>>; // decode gives each type its own payload
  const codec = createEventCodec<object>(definition.catalogue ?? eventCatalogue);
  const timeOf = typeof replay === 'object' ? (replay.timeOf as ((event: EventEnvelope) => number) | undefined) : undefined; // events come from decode
  return {
    name,
    topic,
    from: definition.from ?? 'earliest',
    middleware: definition.middleware ?? [],
    policy: { ...defaultConsumerPolicy, ...definition.policy },
    replay,
    handles: (type) => Object.hasOwn(handlers, type),
    decode: (message) => codec.decode(message),
    handle: async (event, context) => handlers[event.type]?.(event, context),
    timeOf: (event) => timeOf?.(event) ?? Date.parse(event.occurredAt),
  };
}
