import { LoomError } from '@loomgraph/core';

/** Where an event stands in its topic. */
export interface EventPosition {
  /** By the clock of the bus, ms since the epoch. */
  readonly publishedAt: number;
  readonly messageId: string;
}

const FORM = /^(\d{1,16})-([\w.~!*'()%-]{1,300})$/;

/** The id of an event as clients have it, of characters that stand in any header. */
export function writePosition({ publishedAt, messageId }: EventPosition): string {
  return `${publishedAt}-${encodeURIComponent(messageId)}`;
}

/** @throws LoomError BAD_REQUEST for what is no id of an event */
export function readPosition(text: string): EventPosition {
  const match = FORM.exec(text);
  try {
    if (match !== null) return { publishedAt: Number(match[1]), messageId: decodeURIComponent(match[2]!) };
  } catch {
    // Not what `encodeURIComponent` writes.
  }
  throw new LoomError('BAD_REQUEST', 'The "Last-Event-ID" is no id of an event that was sent here.');
}
