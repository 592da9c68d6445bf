import type { DeliveredMessage } from '@loomgraph/stores/bus';
import type { EventPosition } from './event-position.js';

/** One message of the bus, for however many subscriptions. */
export interface TopicEvent extends EventPosition {
  readonly key: string;
  readonly type: string | undefined;
  /** Of the transaction that the event tells of. */
  readonly syncToken: string | undefined;
  /** Of the body. */
  readonly bytes: number;
  /** Undefined where the body is no JSON. */
  readonly payload: unknown;
}

export function toTopicEvent({ messageId, publishedAt, key, headers, body }: DeliveredMessage): TopicEvent {
  return { messageId, publishedAt, key, type: headers['type'], syncToken: headers['syncToken'], bytes: body.length, payload: parsed(body) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
