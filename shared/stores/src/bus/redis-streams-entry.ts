import { StoreError } from '@loomgraph/core';
import type { BusMessage } from './port.js';

/** An entry as Redis answers it: its id and a flat list of fields; null fields when the entry was trimmed away. */
export type StreamEntry = readonly [id: string, fields: readonly string[] | null];

export function toFields({ messageId, key, body, headers }: BusMessage): string[] {
  return ['id', messageId, 'key', key, 'body', body, 'headers', JSON.stringify(headers)];
}

/** @throws StoreError corrupt */
export function toMessage(id: string, fields: readonly string[]): BusMessage {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) values.set(fields[at] ?? '', fields[at + 1] ?? '');
  const [messageId, key, body, headers] = ['id', 'key', 'body', 'headers'].map((field) => values.get(field));
  try {
    if (messageId === undefined || key === undefined || body === undefined) throw new Error('a field is missing');
    return { messageId, key, body, headers: JSON.parse(headers ?? '{}') as Record<string, string> };
  } catch (cause) {
    throw new StoreError('corrupt', 'bus', `Redis: the stream entry ${id} is no message.`, { cause });
  }
}
