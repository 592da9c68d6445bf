import type { DeliveredMessage } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs } from '../dialect.js';

/** A message that waits in the table to be applied. */
export interface PutAside {
  readonly message: DeliveredMessage;
  readonly state: 'parked' | 'retry';
  readonly position: number;
  readonly attempts: number;
  readonly failedAt: number;
}

const PAGE = 200;

interface Row {
  readonly event_id: string;
  readonly topic: string;
  readonly event_key: string;
  readonly state: 'parked' | 'retry';
  readonly body: string;
  readonly headers: string;
  readonly attempts: number;
  readonly failed_at: string | number;
  readonly position: string | number;
  readonly published_at: string | number;
  readonly now: string | number;
}

/** The next page of what waits, oldest first. */
export async function readPutAside(
  store: RelationalStore,
  consumer: string,
  after: number,
): Promise<{ readonly page: readonly PutAside[]; readonly now: number; readonly next: number; readonly isLast: boolean }> {
  const rows = await store.read().execute<Row[]>(
    `select event_id, topic, event_key, state, body, headers, attempts, failed_at, position, published_at, ${nowMs(store.dialect)} as now
     from ${store.table('dead_event')} where consumer = ? and state in ('parked', 'retry') and position > ? order by position, event_id limit ${PAGE}`,
    [consumer, after],
  );
  const page = rows.map((row): PutAside => ({
    message: {
      messageId: row.event_id,
      topic: row.topic,
      key: row.event_key,
      body: row.body,
      headers: JSON.parse(row.headers) as Record<string, string>, // written by keepMessage
      attempt: row.attempts + 1,
      publishedAt: Number(row.published_at),
    },
    state: row.state,
    position: Number(row.position),
    attempts: row.attempts,
    failedAt: Number(row.failed_at),
  }));
  // Rows of one position that a page parts are met again: the next one begins where this one's last position begins.
  return { page, now: Number(rows[0]?.now ?? 0), next: Math.max(after + 1, (page.at(-1)?.position ?? 0) - 1), isLast: rows.length < PAGE };
}
