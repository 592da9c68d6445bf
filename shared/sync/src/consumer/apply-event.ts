import type { RelationalStore, SqlDialect } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { enterInbox } from '../inbox/enter-inbox.js';
import type { Faults } from '../relay/faults.js';
import type { DeadEventState, KeptMessage } from './dead-event-row.js';
import type { Consumer } from './define-consumer.js';
import { inboxOf, type ConsumerPosition } from './generations.js';
import type { ConsumedEvent, EventOutcome } from './middleware.js';
import { withTimeLimit } from './time-limit.js';

export interface ApplyContext {
  readonly store: RelationalStore;
  readonly consumer: Consumer;
  /** Of the group the event came from. */
  readonly position: ConsumerPosition;
  readonly faults: Faults;
  /** The event's own, as the tables know it. */
  readonly kept: Pick<KeptMessage, 'eventId' | 'key'>;
  /** Called when the handler begins: until then a failure is not the event's. */
  readonly onHandler: () => void;
  /** Set where the event is taken up again from the dead events: its position there. */
  readonly takenUpAt?: number;
}

/**
 * Applies an event: one transaction with the row in the inbox, the handler's effects, and the end of what the dead events knew of it.
 * The shared lock on the consumer's position lets a replay begin only between two events.
 */
export async function applyEvent(context: ApplyContext, { event, attempt }: ConsumedEvent): Promise<EventOutcome> {
  const { store, consumer, position, faults, takenUpAt } = context;
  const { eventId } = context.kept;
  const outcome = await store.transaction(async (em): Promise<EventOutcome> => {
    const known = await lookUp(em, context);
    if (known.generation !== position.generation) return 'superseded';
    if (known.ahead > 0) return 'behind';
    if (takenUpAt === undefined ? known.own === 'dead' || known.own === 'retry' : known.own === undefined || known.own === 'dead')
      return 'settled';
    const inbox = inboxOf(consumer.name, position.cuts, consumer.timeOf(event));
    const isNew = await enterInbox(em, store, inbox, eventId);
    if (isNew) {
      context.onHandler();
      await withTimeLimit(consumer.name, consumer.policy.timeLimitMs, (signal) => consumer.handle(event, { em, attempt, signal }));
      await em.flush();
      await faults('consume.applied');
    }
    if (known.own !== undefined)
      await em.execute(`delete from ${store.table('dead_event')} where consumer = ? and event_id = ?`, [consumer.name, eventId], 'run');
    return isNew ? 'applied' : 'duplicate';
  });
  await faults('consume.committed');
  return outcome;
}

interface Known {
  readonly generation: number;
  /** Parked events of the key before this one. */
  readonly ahead: number;
  /** What the dead events say of this one. */
  readonly own: DeadEventState | undefined;
}

async function lookUp(em: EntityManager, { store, consumer, kept, takenUpAt }: ApplyContext): Promise<Known> {
  const dead = store.table('dead_event');
  const [row] = await em.execute<{ generation: number; ahead: string | number; own: DeadEventState | null }[]>(
    `select p.generation,
       (select count(*) from ${dead} d where d.consumer = ? and d.event_key = ? and d.state = 'parked' and d.position < ?) as ahead,
       (select d.state from ${dead} d where d.consumer = ? and d.event_id = ?) as own
     from ${store.table('consumer_position')} p where p.name = ? ${sharedLock(store.dialect)}`,
    [consumer.name, kept.key, takenUpAt ?? Number.MAX_SAFE_INTEGER, consumer.name, kept.eventId, consumer.name],
  );
  return { generation: row?.generation ?? 0, ahead: Number(row?.ahead ?? 0), own: row?.own ?? undefined };
}

function sharedLock(dialect: SqlDialect): string {
  return dialect === 'postgresql' ? 'for key share of p' : 'lock in share mode';
}
