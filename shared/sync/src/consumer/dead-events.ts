import type { RelationalStore } from '@loomgraph/stores/relational';
import type { DeadEventState } from './dead-event-row.js';

/** An event that a consumer could not apply, as it was published. Times are milliseconds since the epoch. */
export interface DeadEvent {
  readonly consumer: string;
  readonly eventId: string;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly state: DeadEventState;
  readonly body: string;
  readonly headers: string;
  readonly attempts: number;
  /** A code of the error catalogue, or what is wrong with the event: `invalid-payload`, `newer-version`, `behind-parked`; `process-ended`, `interrupted`. */
  readonly errorCode: string;
  readonly error: string;
  readonly failedAt: number;
}

export interface DeadEventFilter {
  readonly consumer?: string;
  readonly state?: DeadEventState;
  /** The last one of the page before. */
  readonly after?: Pick<DeadEvent, 'consumer' | 'eventId'>;
  readonly limit: number;
}

type Row = Record<'consumer' | 'event_id' | 'topic' | 'event_key' | 'type' | 'body' | 'headers' | 'error_code' | 'error', string> & {
  readonly state: DeadEventState;
  readonly attempts: number;
  readonly failed_at: string | number;
};

/** What consumers have put aside, by consumer and event id. Decisions about what is dead are made through `deadLetters`. */
export async function listDeadEvents(
  store: RelationalStore,
  { consumer, state, after, limit }: DeadEventFilter,
): Promise<readonly DeadEvent[]> {
  const conditions = [
    ...(consumer === undefined ? [] : [{ sql: 'consumer = ?', values: [consumer] }]),
    ...(state === undefined ? [] : [{ sql: 'state = ?', values: [state] }]),
    ...(after === undefined
      ? []
      : [{ sql: '(consumer > ? or (consumer = ? and event_id > ?))', values: [after.consumer, after.consumer, after.eventId] }]),
  ];
  const where = conditions.length > 0 ? `where ${conditions.map(({ sql }) => sql).join(' and ')}` : '';
  const rows = await store.read().execute<Row[]>(
    `select consumer, event_id, topic, event_key, type, state, body, headers, attempts, error_code, error, failed_at
     from ${store.table('dead_event')} ${where} order by consumer, event_id limit ${Math.max(1, Math.floor(limit))}`,
    conditions.flatMap(({ values }) => values),
  );
  return rows.map(toDeadEvent);
}

function toDeadEvent(row: Row): DeadEvent {
  return {
    consumer: row.consumer,
    eventId: row.event_id,
    topic: row.topic,
    key: row.event_key,
    type: row.type,
    state: row.state,
    body: row.body,
    headers: row.headers,
    attempts: row.attempts,
    errorCode: row.error_code,
    error: row.error,
    failedAt: Number(row.failed_at),
  };
}
