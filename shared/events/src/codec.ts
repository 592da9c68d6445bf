import { LoomError } from '@loomgraph/core';
import { eventCatalogue, type EventCatalogue } from './catalogue.js';
import type { EventDefinition } from './define-event.js';
import type { EnvelopeOf, EventEnvelope } from './envelope.js';

/** What the bus carries; the same shape as the `BusMessage` of the bus port. */
export interface EventMessage {
  readonly messageId: string;
  readonly key: string;
  /** The payload as JSON text. */
  readonly body: string;
  /** `type`, `version`, `occurredAt` and, where there is one, `traceparent`. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Why a message is no event of this catalogue. `newer-version` mends itself when the consumer is upgraded: park it, do not drop it.
 * `unknown-type` may be meant for others; `invalid-payload` is a fault of the publisher.
 */
export type EventProblem = 'unknown-type' | 'newer-version' | 'invalid-payload';

export class EventError extends LoomError {
  readonly kind: EventProblem;

  constructor(kind: EventProblem, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super('INTERNAL_SERVER_ERROR', message, { ...options, details: { kind, ...options.details } });
    this.kind = kind;
  }
}

/** A catalogue is any object from type to definition. */
type Definitions = Readonly<Record<string, EventDefinition<string, never>>>;

export interface EventCodec<E> {
  /** @throws EventError when the type or version is not that of the catalogue, or the payload does not fit the schema */
  encode(event: E): EventMessage;
  /** @throws EventError */
  decode(message: EventMessage): E;
}

/**
 * Between envelopes and bus messages.
 *
 * 1. What was encoded decodes equal; fields the schema does not know are dropped on both ways.
 * 2. A version older than the catalogue's is upgraded step by step to the one the catalogue has, and checked against that one's schema.
 */
export function createEventCodec<C extends object>(catalogue: C): EventCodec<EnvelopeOf<C[keyof C]>> {
  const definitions = catalogue as Definitions; // the keys and definitions of a catalogue, whatever their payloads
  return {
    encode: (event) => encode(definitions, event),
    decode: (message) => decode(definitions, message) as EnvelopeOf<C[keyof C]>, // the schema of the type has accepted it
  };
}

const codec = createEventCodec<EventCatalogue>(eventCatalogue);

/** Any event of the catalogue; `type` tells which. */
export type LoomEvent = EnvelopeOf<EventCatalogue[keyof EventCatalogue]>;

/** @throws EventError */
export const encodeEvent = (event: LoomEvent): EventMessage => codec.encode(event);

/** @throws EventError */
export const decodeEvent = (message: EventMessage): LoomEvent => codec.decode(message);

function encode(definitions: Definitions, event: EventEnvelope): EventMessage {
  const { eventId, type, version, key, occurredAt, traceparent } = event;
  const definition = definitionOf(definitions, type);
  if (version > definition.version) throw newerVersion(type, version, definition.version);
  const payload = parsePayload(definition, event.payload, version);
  return {
    messageId: eventId,
    key,
    body: JSON.stringify(payload),
    headers: { type, version: String(definition.version), occurredAt, ...(traceparent === undefined ? {} : { traceparent }) },
  };
}

function decode(definitions: Definitions, message: EventMessage): EventEnvelope {
  const { type = '', version: versionText = '', occurredAt, traceparent } = message.headers;
  const definition = definitionOf(definitions, type);
  const version = Number(versionText);
  if (!/^\d+$/.test(versionText) || version < 1)
    throw new EventError('invalid-payload', `${type}: the header \`version\` is no version.`, { details: { type } });
  if (version > definition.version) throw newerVersion(type, version, definition.version);
  if (occurredAt === undefined || Number.isNaN(Date.parse(occurredAt))) {
    throw new EventError('invalid-payload', `${type}: the header \`occurredAt\` is no time.`, { details: { type } });
  }
  return {
    eventId: message.messageId,
    type,
    version: definition.version,
    key: message.key,
    occurredAt,
    ...(traceparent === undefined ? {} : { traceparent }),
    payload: parsePayload(definition, parseJson(type, message.body), version),
  };
}

function definitionOf(definitions: Definitions, type: string): EventDefinition<string, never> {
  const definition = Object.hasOwn(definitions, type) ? definitions[type] : undefined;
  if (definition === undefined) throw new EventError('unknown-type', `"${type}" is no event of this catalogue.`, { details: { type } });
  return definition;
}

function newerVersion(type: string, version: number, known: number): EventError {
  return new EventError('newer-version', `${type} has version ${version}; this process knows versions up to ${known}.`, {
    details: { type, version, known },
  });
}

function parsePayload(definition: EventDefinition<string, never>, payload: unknown, version: number): unknown {
  const { type, schema } = definition;
  const result = schema.safeParse(upgrade(definition, payload, version));
  if (result.success) return result.data;
  // Paths and rules only: a payload may hold personal data, and errors end in logs.
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`);
  throw new EventError('invalid-payload', `${type} v${version} does not fit its schema: ${problems.join('; ')}`, {
    details: { type, version },
  });
}

function upgrade({ type, version: current, upgrades = {} }: EventDefinition<string, never>, payload: unknown, version: number): unknown {
  let upgraded = payload;
  for (let from = version; from < current; from += 1) {
    try {
      upgraded = upgrades[from]?.(upgraded);
    } catch (cause) {
      throw new EventError('invalid-payload', `${type}: the payload cannot be upgraded from version ${from}.`, {
        details: { type },
        cause,
      });
    }
  }
  return upgraded;
}

function parseJson(type: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new EventError('invalid-payload', `${type}: the body is not JSON.`, { details: { type } });
  }
}
