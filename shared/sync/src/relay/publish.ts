import { encodeSyncToken } from '@loomgraph/core';
import { topicOf } from '@loomgraph/events';
import type { Bus, BusMessage } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { noFaults, type Faults } from './faults.js';
import { removeOutboxRows } from '../outbox/remove-rows.js';
import { writeOne } from './statement.js';

const PUBLISH_BATCH = 200;
/** How many outbox rows a transaction writes beside an event, on either side of it, at most; only who asks for these waits a little longer than needed. */
const ROWS_AROUND = 256;

export interface PublishOptions {
  readonly store: RelationalStore;
  readonly bus: Bus;
  /** Whose outbox it is. */
  readonly subgraph: string;
  readonly faults?: Faults;
}

/**
 * Publishes a batch of domain events in outbox order and removes their rows. A crash in between publishes them again: consumers know an event
 * by its id. The caller holds the publisher's lease, so that events of one record keep their order. When the bus refuses the batch, its events
 * are published record by record, so that one nobody can take does not hold up the others for good.
 * Each has the sync token of its transaction in the header `syncToken`: who reads a projection because of an event waits for it.
 * @returns how many were published; 0 when there are none
 * @throws what the bus threw, when it took none
 */
export async function publishEvents({ store, bus, subgraph, faults = noFaults }: PublishOptions): Promise<number> {
  const options = { store, bus, subgraph, faults };
  const rows = await store
    .read()
    .execute<EventRow[]>(
      `select id, record_type, record_id, event from ${store.table('outbox')} where kind = 'e' order by id limit ${PUBLISH_BATCH}`,
    );
  if (rows.length === 0) return 0;
  await faults('publish.read');
  try {
    await publishRows(rows, options);
    return rows.length;
  } catch (error) {
    if (rows.length === 1) throw error;
    const byRecord = [...Map.groupBy(rows, (row) => row.record_id).values()];
    const published = await Promise.all(byRecord.map((ofRecord) => publishInOrder(ofRecord, options)));
    const count = published.reduce((sum, one) => sum + one, 0);
    if (count === 0) throw error;
    return count;
  }
}

/** Stops at the first event that is refused: a later one of the same record must not overtake it. */
async function publishInOrder(rows: readonly EventRow[], options: Required<PublishOptions>): Promise<number> {
  for (const [position, row] of rows.entries()) {
    try {
      await publishRows([row], options);
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

async function publishRows(rows: readonly EventRow[], { store, bus, subgraph, faults }: Required<PublishOptions>): Promise<void> {
  for (const [topic, group] of Map.groupBy(rows, (row) => topicOf(row.record_type))) {
    await bus.publish(
      topic,
      group.map((row) => toMessage(row, subgraph)),
    );
  }
  await faults('publish.sent');
  const removal = removeOutboxRows(store, rows);
  await writeOne(store, removal.sql, removal.parameters);
  await faults('publish.deleted');
}

function toMessage({ id, event }: EventRow, subgraph: string): BusMessage {
  const message = JSON.parse(event) as BusMessage; // encoded by appendEvent
  const at = Number(id);
  const syncToken = encodeSyncToken(new Map([[subgraph, [Math.max(1, at - ROWS_AROUND), at + ROWS_AROUND]]]));
  return { ...message, headers: { ...message.headers, syncToken } };
}
