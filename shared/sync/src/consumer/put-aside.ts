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
  /** Whether `beginAttempt` has counted this one. */
  readonly isBegun: boolean;
}

/** Charges an attempt to an event; the last one makes it a dead event. @returns what it is now */
export async function chargeAttempt(store: RelationalStore, charge: Charge): Promise<{ attempts: number; state: DeadEventState }> {
  const { consumer, message, maxAttempts } = charge;
  return store.transaction(async (em) => {
    const [known] = await em.execute<{ attempts: number }[]>(
      `select attempts from ${store.table('dead_event')} where consumer = ? and event_id = ? for update`,
      [consumer, message.eventId],
    );
    const attempts = Math.max(1, (known?.attempts ?? 0) + (charge.isBegun ? 0 : 1));
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

/** The cause of an attempt that nobody ended: what tried it is gone. */
export const PROCESS_ENDED = 'process-ended';

/** Whether all that is known of an event's last attempt is that it was begun. */
export async function wasNeverEnded(store: RelationalStore, consumer: string, eventId: string): Promise<boolean> {
  const rows = await store
    .read()
    .execute<unknown[]>(`select 1 as found from ${store.table('dead_event')} where consumer = ? and event_id = ? and error_code = ?`, [
      consumer,
      eventId,
      PROCESS_ENDED,
    ]);
  return rows.length > 0;
}

/**
 * Charges an attempt before it is made, for an event that may end the process: one that lives to tell takes the row along or says what failed.
 * @returns whether the attempts are used up: it is a dead event now
 */
export async function beginAttempt(
  store: RelationalStore,
  options: {
    readonly consumer: string;
    readonly message: KeptMessage;
    readonly maxAttempts: number;
    readonly state: Exclude<DeadEventState, 'dead'>;
  },
): Promise<boolean> {
  const { consumer, message, maxAttempts } = options;
  const cause = { code: PROCESS_ENDED, text: 'The process ended while it applied this event.' };
  return store.transaction(async (em) => {
    const [known] = await em.execute<{ attempts: number; state: DeadEventState }[]>(
      `select attempts, state from ${store.table('dead_event')} where consumer = ? and event_id = ?`,
      [consumer, message.eventId],
    );
    if (!known) {
      await insert(em, store, { consumer, message, state: options.state, attempts: 1, cause });
      return false;
    }
    // Whoever decided about it has the word.
    if (known.state === 'dead') return false;
    const isDead = known.attempts >= maxAttempts;
    await em.execute(
      `update ${store.table('dead_event')} set state = ?, attempts = ?, error_code = ?, error = ?, failed_at = ${nowMs(store.dialect)}
       where consumer = ? and event_id = ?`,
      [isDead ? 'dead' : known.state, isDead ? known.attempts : known.attempts + 1, cause.code, cause.text, consumer, message.eventId],
      'run',
    );
    return isDead;
  });
}

/** Undoes `beginAttempt`. */
export async function takeBackAttempt(store: RelationalStore, consumer: string, eventId: string): Promise<void> {
  const own = `where consumer = ? and event_id = ? and error_code = '${PROCESS_ENDED}'`;
  const table = store.table('dead_event');
  await store.transaction(async (em) => {
    await em.execute(`delete from ${table} ${own} and state = 'failing' and attempts <= 1`, [consumer, eventId], 'run');
    await em.execute(
      `update ${table} set attempts = attempts - 1, error_code = 'interrupted', error = 'A store was away.' ${own} and attempts > 0`,
      [consumer, eventId],
      'run',
    );
  });
}

/** Puts an event aside until it can be applied. Events of a key keep their order. One that was put aside before stays as it is. */
export async function park(store: RelationalStore, consumer: string, message: KeptMessage, reason: unknown): Promise<void> {
  await store.transaction(async (em) => {
    const table = store.table('dead_event');
    const own = [consumer, message.eventId];
    const [known] = await em.execute<{ state: DeadEventState }[]>(`select state from ${table} where consumer = ? and event_id = ?`, own);
    if (known && known.state !== 'failing') return;
    // The bus will not bring it again: it is no longer one that merely failed.
    if (known) await em.execute(`delete from ${table} where consumer = ? and event_id = ?`, own, 'run');
    await insert(em, store, { consumer, message, state: 'parked', attempts: 0, cause: causeOf(reason) });
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
