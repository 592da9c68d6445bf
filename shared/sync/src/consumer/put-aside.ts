import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs } from '../dialect.js';
import { causeOf } from './failure.js';
import type { DeadEventState, KeptMessage } from './dead-event-row.js';

export interface Charge {
  readonly consumer: string;
  readonly message: KeptMessage;
  readonly error: unknown;
  readonly maxAttempts: number;
  /** What it is while attempts are left, by how many were made. */
  readonly stateAfter: (attempts: number) => Exclude<DeadEventState, 'dead'>;
}

/** Charges an attempt to an event; the last one makes it a dead event. @returns what it is now */
export async function chargeAttempt(store: RelationalStore, charge: Charge): Promise<{ attempts: number; state: DeadEventState }> {
  const { consumer, message, maxAttempts } = charge;
  return store.transaction(async (em) => {
    const [known] = await em.execute<{ attempts: number }[]>(
      `select attempts from ${store.table('dead_event')} where consumer = ? and event_id = ? for update`,
      [consumer, message.eventId],
    );
    const attempts = (known?.attempts ?? 0) + 1;
    const state = attempts >= maxAttempts ? 'dead' : charge.stateAfter(attempts);
    const cause = causeOf(charge.error);
    if (known)
      await em.execute(
        `update ${store.table('dead_event')} set state = ?, attempts = ?, error_code = ?, error = ?, failed_at = ${nowMs(store.dialect)}
         where consumer = ? and event_id = ?`,
        [state, attempts, cause.code, cause.text, consumer, message.eventId],
        'run',
      );
    else await insert(em, store, { consumer, message, state, attempts, cause });
    return { attempts, state };
  });
}

/** Puts an event aside until it can be applied. Events of a key keep their order. One that is there already stays as it is. */
export async function park(store: RelationalStore, consumer: string, message: KeptMessage, reason: unknown): Promise<void> {
  await store.transaction(async (em) => {
    const known = await em.execute<unknown[]>(`select 1 as found from ${store.table('dead_event')} where consumer = ? and event_id = ?`, [
      consumer,
      message.eventId,
    ]);
    if (known.length === 0) await insert(em, store, { consumer, message, state: 'parked', attempts: 0, cause: causeOf(reason) });
  });
}

interface NewRow {
  readonly consumer: string;
  readonly message: KeptMessage;
  readonly state: DeadEventState;
  readonly attempts: number;
  readonly cause: { readonly code: string; readonly text: string };
}

/** Its position is the time, and behind all that is kept of its key. */
async function insert(em: EntityManager, store: RelationalStore, { consumer, message, state, attempts, cause }: NewRow): Promise<void> {
  const table = store.table('dead_event');
  const now = nowMs(store.dialect);
  const [last] = await em.execute<{ position: string | number | null }[]>(
    `select max(position) as position from ${table} where consumer = ? and event_key = ?`,
    [consumer, message.key],
  );
  await em.execute(
    `insert into ${table} (consumer, event_id, topic, event_key, type, state, body, headers, attempts, error_code, error, failed_at, position,
       event_at, published_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${now}, greatest(${now}, ?), ?, ?)`,
    [
      consumer,
      message.eventId,
      message.topic,
      message.key,
      message.type,
      state,
      message.body,
      message.headers,
      attempts,
      cause.code,
      cause.text,
      Number(last?.position ?? 0) + 1,
      message.eventAt ?? null,
      message.publishedAt,
    ],
    'run',
  );
}
