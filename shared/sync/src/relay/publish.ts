import { topicOf } from '@loomgraph/events';
import type { Bus, BusMessage } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { noFaults, type Faults } from './faults.js';
import { removeOutboxRows } from '../outbox/remove-rows.js';
import { writeOne } from './statement.js';

const PUBLISH_BATCH = 200;

/**
 * Publishes a batch of domain events in outbox order and removes their rows. A crash in between publishes them again: consumers know an event
 * by its id. The caller holds the publisher's lease, so that events of one record keep their order. When the bus refuses the batch, its events
 * are published record by record, so that one nobody can take does not hold up the others for good.
 * @returns how many were published; 0 when there are none
 * @throws what the bus threw, when it took none
 */
export async function publishEvents(store: RelationalStore, bus: Bus, faults: Faults = noFaults): Promise<number> {
  const rows = await store
    .read()
    .execute<EventRow[]>(
      `select id, record_type, record_id, event from ${store.table('outbox')} where kind = 'e' order by id limit ${PUBLISH_BATCH}`,
    );
  if (rows.length === 0) return 0;
  await faults('publish.read');
  try {
    await publishRows(store, bus, rows, faults);
    return rows.length;
  } catch (error) {
    if (rows.length === 1) throw error;
    const byRecord = [...Map.groupBy(rows, (row) => row.record_id).values()];
    const published = await Promise.all(byRecord.map((ofRecord) => publishInOrder(store, bus, ofRecord, faults)));
    const count = published.reduce((sum, one) => sum + one, 0);
    if (count === 0) throw error;
    return count;
  }
}

/** Stops at the first event that is refused: a later one of the same record must not overtake it. */
async function publishInOrder(store: RelationalStore, bus: Bus, rows: readonly EventRow[], faults: Faults): Promise<number> {
  for (const [position, row] of rows.entries()) {
    try {
      await publishRows(store, bus, [row], faults);
    } catch {
      return position; // the caller has the error of the whole batch
    }
  }
  return rows.length;
}

interface EventRow {
  readonly id: string | number;
  readonly record_type: string;
  readonly record_id: string;
  readonly event: string;
}

async function publishRows(store: RelationalStore, bus: Bus, rows: readonly EventRow[], faults: Faults): Promise<void> {
  for (const [topic, group] of Map.groupBy(rows, (row) => topicOf(row.record_type))) {
    await bus.publish(
      topic,
      group.map((row) => JSON.parse(row.event) as BusMessage),
    ); // encoded by appendEvent
  }
  await faults('publish.sent');
  const removal = removeOutboxRows(store, rows);
  await writeOne(store, removal.sql, removal.parameters);
  await faults('publish.deleted');
}
