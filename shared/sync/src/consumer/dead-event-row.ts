import { createHash } from 'node:crypto';
import type { DeliveredMessage } from '@loomgraph/stores/bus';

/**
 * `failing`: failed, and the bus brings it again; `dead`: failed for good; `parked`: waits here, for a process that knows its version, for its
 * next attempt, or behind an event of its key; `retry`: somebody asked for it to be applied again.
 */
export type DeadEventState = 'failing' | 'dead' | 'parked' | 'retry';

/** What a table needs to know of a message to bring it again. */
export interface KeptMessage {
  readonly eventId: string;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly body: string;
  readonly headers: string;
  /** When it happened, ms since the epoch, where its headers say. */
  readonly eventAt: number | undefined;
  readonly publishedAt: number;
}

/** Ids of ours are UUIDs. Those of other programs may be longer than the column: then it is their digest. */
export function eventIdOf(messageId: string): string {
  return messageId.length <= 64 ? messageId : createHash('sha256').update(messageId).digest('hex');
}

/** Fits the columns, whatever the message holds: what cannot be kept could not be put aside either. */
export function keepMessage({ messageId, topic, key, body, headers, publishedAt }: DeliveredMessage): KeptMessage {
  const occurredAt = Date.parse(headers['occurredAt'] ?? '');
  return {
    eventId: eventIdOf(messageId),
    topic,
    key: storable(key).slice(0, 191),
    type: storable(headers['type'] ?? '').slice(0, 64),
    body: storable(body),
    headers: storable(JSON.stringify(headers)),
    eventAt: Number.isNaN(occurredAt) ? undefined : occurredAt,
    publishedAt,
  };
}

/** PostgreSQL's text holds no NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u{FFFD}').toWellFormed();
}
