import type { RelationalStore } from '@loomgraph/stores/relational';

/** Where one consumer stands. Times are milliseconds since the epoch. */
export interface ConsumerStatus {
  readonly name: string;
  readonly topic: string;
  /** Events since the consumer was first started: applied; of types it has no handler for; failures. */
  readonly applied: number;
  readonly skipped: number;
  readonly failed: number;
  /** Events the topic gave up before the consumer had them. */
  readonly lost: number;
  /** Events that wait on the bus, as of `seenAt`. */
  readonly lag: number | undefined;
  /** When a process last looked after it; an old time means that nobody reads. */
  readonly seenAt: number | undefined;
  readonly lastEventId: string | undefined;
  readonly lastEventAt: number | undefined;
  readonly lastAppliedAt: number | undefined;
  readonly lastError: string | undefined;
  /** Counts replays: 1 before the first. */
  readonly generation: number;
  /** Events that failed and come again; that wait for a decision; for a newer version of the process; to be applied again as asked. */
  readonly failing: number;
  readonly dead: number;
  readonly parked: number;
  readonly retrying: number;
}

type Count = string | number;

interface Row {
  readonly name: string;
  readonly topic: string;
  readonly applied: Count;
  readonly skipped: Count;
  readonly failed: Count;
  readonly lost: Count;
  readonly waiting: Count | null;
  readonly seen_at: Count | null;
  readonly last_event_id: string | null;
  readonly last_event_at: Count | null;
  readonly last_applied_at: Count | null;
  readonly last_error: string | null;
  readonly generation: number | null;
}

/** Where the consumers of a subgraph stand, from its own tables: any process with the database can ask. Two statements. */
export async function readConsumers(store: RelationalStore): Promise<readonly ConsumerStatus[]> {
  const [rows, counts] = await Promise.all([
    store.read().execute<Row[]>(
      `select c.name, c.topic, c.applied, c.skipped, c.failed, c.lost, c.waiting, c.seen_at, c.last_event_id, c.last_event_at, c.last_applied_at,
         c.last_error, p.generation
       from ${store.table('consumer')} c left join ${store.table('consumer_position')} p on p.name = c.name order by c.name`,
    ),
    store
      .read()
      .execute<{ consumer: string; state: string; n: Count }[]>(
        `select consumer, state, count(*) as n from ${store.table('dead_event')} group by consumer, state`,
      ),
  ]);
  return rows.map((row): ConsumerStatus => {
    const inState = (state: string): number => Number(counts.find((count) => count.consumer === row.name && count.state === state)?.n ?? 0);
    return {
      name: row.name,
      topic: row.topic,
      applied: Number(row.applied),
      skipped: Number(row.skipped),
      failed: Number(row.failed),
      lost: Number(row.lost),
      lag: optional(row.waiting),
      seenAt: optional(row.seen_at),
      lastEventId: row.last_event_id ?? undefined,
      lastEventAt: optional(row.last_event_at),
      lastAppliedAt: optional(row.last_applied_at),
      lastError: row.last_error ?? undefined,
      generation: row.generation ?? 1,
      failing: inState('failing'),
      dead: inState('dead'),
      parked: inState('parked'),
      retrying: inState('retry'),
    };
  });
}

function optional(value: Count | null): number | undefined {
  return value === null ? undefined : Number(value);
}
