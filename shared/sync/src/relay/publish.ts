import { topicOf } from '@loomgraph/events';
import type { Bus, BusMessage } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';

const PUBLISH_BATCH = 200;

/**
 * Publishes a batch of domain events in outbox order and removes their rows. A crash in between publishes them again: consumers know an event
 * by its id. The caller holds the publisher's lease, so that events of one record keep their order.
 * @returns how many were published; 0 when there are none.
 */
export async function publishEvents(store: RelationalStore, bus: Bus): Promise<number> {
  const outbox = store.table('outbox');
  const rows = await store
    .read()
    .execute<{ id: string | number; record_type: string; event: string }[]>(`select id, record_type, event from ${outbox} where kind = 'e' order by id limit ${PUBLISH_BATCH}`);
  if (rows.length === 0) return 0;
  const byTopic = new Map<string, BusMessage[]>();
  for (const row of rows) {
    const topic = topicOf(row.record_type);
    const messages = byTopic.get(topic) ?? [];
    messages.push(JSON.parse(row.event) as BusMessage); // encoded by appendEvent
    byTopic.set(topic, messages);
  }
  for (const [topic, messages] of byTopic) await bus.publish(topic, messages);
  await store.transaction((em) => em.execute(`delete from ${outbox} where id in (${rows.map(() => '?').join(', ')})`, rows.map((row) => row.id), 'run'));
  return rows.length;
}
