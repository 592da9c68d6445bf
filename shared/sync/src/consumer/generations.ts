import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';

/**
 * Where a consumer stands. Every replay begins a generation: a group of its own on the bus, and an inbox of its own for the events of its time.
 * `cuts` are the generations that still count, each with the time from which on events belong to it.
 */
export interface ConsumerPosition {
  readonly generation: number;
  readonly cuts: readonly Cut[];
  /** When the generation began, ms since the epoch; 0 for the first. */
  readonly movedAt: number;
  /** What began it: a job, say. */
  readonly movedBy: string | undefined;
}

export type Cut = readonly [generation: number, sinceMs: number];

const FIRST: ConsumerPosition = { generation: 1, cuts: [[1, 0]], movedAt: 0, movedBy: undefined };

/** The name of the consumer's group on the bus. */
export const groupOf = (consumer: string, generation: number): string => (generation === 1 ? consumer : `${consumer}.${generation}`);

/** The name under which the inbox knows an event of this time. */
export function inboxOf(consumer: string, cuts: readonly Cut[], timeMs: number): string {
  const generation = cuts.findLast(([, since]) => since <= timeMs)?.[0] ?? 1;
  return generation === 1 ? consumer : `${consumer}#${generation}`;
}

/** What counts once a generation begins at `sinceMs`: nothing that began there or later. */
export function addCut({ generation, cuts }: ConsumerPosition, sinceMs: number): readonly Cut[] {
  return [...cuts.filter(([, since]) => since < sinceMs), [generation + 1, sinceMs]];
}

/** Where the generation that runs began. */
export const sinceOf = ({ cuts }: ConsumerPosition): number => cuts.at(-1)?.[1] ?? 0;

/** Writes the first position of a consumer that has none. */
export async function createPosition(store: RelationalStore, consumer: string): Promise<void> {
  const [verb, clause] = store.dialect === 'postgresql' ? ['insert', 'on conflict do nothing'] : ['insert ignore', ''];
  await store.transaction((em) =>
    em.execute(
      `${verb} into ${store.table('consumer_position')} (name, generation, cuts, moved_at) values (?, ?, ?, ?) ${clause}`,
      [consumer, FIRST.generation, JSON.stringify(FIRST.cuts), FIRST.movedAt],
      'run',
    ),
  );
}

/** `lock`: keeps the consumer from applying anything until the transaction ends, and waits for what it applies now. */
export async function readPosition(em: EntityManager, store: RelationalStore, consumer: string, lock?: 'lock'): Promise<ConsumerPosition> {
  const [row] = await em.execute<{ generation: number; cuts: string; moved_at: string | number; moved_by: string | null }[]>(
    `select generation, cuts, moved_at, moved_by from ${store.table('consumer_position')} where name = ? ${lock ? 'for update' : ''}`,
    [consumer],
  );
  if (!row) return FIRST;
  const cuts = JSON.parse(row.cuts) as readonly Cut[]; // written by this file
  return { generation: row.generation, cuts, movedAt: Number(row.moved_at), movedBy: row.moved_by ?? undefined };
}

export async function writePosition(
  em: EntityManager,
  store: RelationalStore,
  consumer: string,
  position: ConsumerPosition,
): Promise<void> {
  await em.execute(
    `update ${store.table('consumer_position')} set generation = ?, cuts = ?, moved_at = ?, moved_by = ? where name = ?`,
    [position.generation, JSON.stringify(position.cuts), position.movedAt, position.movedBy ?? null, consumer],
    'run',
  );
}
