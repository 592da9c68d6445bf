import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs } from '../dialect.js';
import { marks } from '../relay/statement.js';
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
  /** A code of the error catalogue, or what is wrong with the event: `invalid-payload`, `newer-version`, `behind-parked`. */
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

export interface Decision {
  readonly consumer: string;
  /** Left out: all dead events of the consumer. */
  readonly eventIds?: readonly string[];
  readonly actor: string;
  readonly reason?: string;
}

type Row = Record<'consumer' | 'event_id' | 'topic' | 'event_key' | 'type' | 'body' | 'headers' | 'error_code' | 'error', string> & {
  readonly state: DeadEventState;
  readonly attempts: number;
  readonly failed_at: string | number;
};

/** What an operator does with the dead events of a subgraph. Every decision is written to `dead_letter_log`, in its transaction. */
export function deadEvents(store: RelationalStore) {
  const table = store.table('dead_event');
  return {
    /** By consumer and event id. */
    async list({ consumer, state, after, limit }: DeadEventFilter): Promise<readonly DeadEvent[]> {
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
         from ${table} ${where} order by consumer, event_id limit ${Math.max(1, Math.floor(limit))}`,
        conditions.flatMap(({ values }) => values),
      );
      return rows.map(toDeadEvent);
    },

    /** Dead events are applied again by whoever runs the consumer, with all attempts before them. @returns how many */
    retry: (decision: Decision): Promise<number> =>
      store.transaction((em) =>
        decide(em, store, { action: 'retry', ...decision }, async (ids) => {
          await em.execute(
            `update ${table} set state = 'retry', attempts = 0 where consumer = ? and event_id in (${marks(ids.length)})`,
            [decision.consumer, ...ids],
            'run',
          );
        }),
      ),

    /** Dead and parked events are given up. @returns how many */
    discard: (decision: Decision & { readonly reason: string }): Promise<number> =>
      store.transaction((em) =>
        decide(em, store, { action: 'discard', ...decision }, async (ids) => {
          await em.execute(
            `delete from ${table} where consumer = ? and event_id in (${marks(ids.length)})`,
            [decision.consumer, ...ids],
            'run',
          );
        }),
      ),
  };
}

/** Events in one statement. */
const SLICE = 500;

async function decide(
  em: EntityManager,
  store: RelationalStore,
  { action, consumer, eventIds, actor, reason }: Decision & { readonly action: 'retry' | 'discard' },
  act: (ids: readonly string[]) => Promise<void>,
): Promise<number> {
  if (eventIds?.length === 0) return 0;
  // A named one may be parked; "all" means those that wait for a decision.
  const only =
    eventIds === undefined
      ? `state = 'dead'`
      : `${action === 'retry' ? `state = 'dead'` : `state in ('dead', 'parked', 'retry')`} and event_id in (${marks(eventIds.length)})`;
  const rows = await em.execute<{ event_id: string; type: string; error_code: string }[]>(
    `select event_id, type, error_code from ${store.table('dead_event')} where consumer = ? and ${only} order by event_id for update`,
    [consumer, ...(eventIds ?? [])],
  );
  for (let start = 0; start < rows.length; start += SLICE) {
    const slice = rows.slice(start, start + SLICE);
    await act(slice.map((row) => row.event_id));
    await em.execute(
      `insert into ${store.table('dead_letter_log')} (at, actor, action, source, record_type, record_id, error_code, reason)
       values ${slice.map(() => `(${nowMs(store.dialect)}, ?, ?, ?, ?, ?, ?, ?)`).join(', ')}`,
      slice.flatMap((row) => [actor, action, consumer, row.type, row.event_id, row.error_code, reason ?? null]),
      'run',
    );
  }
  return rows.length;
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
