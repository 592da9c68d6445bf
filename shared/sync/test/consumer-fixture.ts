import { randomUUID } from 'node:crypto';
import { createEvent, createEventCodec, defineEvent, type EventMessage } from '@loomgraph/events';
import type { Bus } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { z } from 'zod';
import {
  ConsumerHost,
  defineConsumer,
  syncMigrations,
  type Consumer,
  type ConsumerHostOptions,
  type HandlerContext,
} from '../src/index.js';

const added = {
  type: 'counts.added',
  schema: z.object({ counterId: z.string(), amount: z.int(), number: z.int() }),
  doc: 'A number was added to a counter.',
  keyDoc: 'counterId',
  key: ({ counterId }: { counterId: string }) => counterId,
} as const;

/** What an older process knows, and what a newer one does: the same payload under a second version. */
export const oldCatalogue = { 'counts.added': defineEvent({ ...added, version: 1 }) };
export const newCatalogue = { 'counts.added': defineEvent({ ...added, version: 2, upgrades: { 1: (payload) => payload } }) };

export const TOPIC = 'counts-events';

/** A counter adds up; nothing about it is idempotent. `effect` has a row for every time an event took effect. */
export const countsMigration = {
  name: '0001-counts',
  postgresql: (t: (name: string) => string) => tables(t),
  mysql: (t: (name: string) => string) => tables(t),
};

function tables(t: (name: string) => string): string[] {
  return [
    `create table ${t('counter')} (id varchar(36) primary key, total bigint not null, last_number bigint not null, disorder bigint not null)`,
    `create table ${t('effect')} (counter_id varchar(36) not null, number bigint not null, at bigint not null)`,
  ];
}

export const consumerMigrations = [...syncMigrations, countsMigration];

export interface Added {
  readonly counterId: string;
  readonly amount: number;
  readonly number: number;
}

/** Encoded as a publisher would. */
export function addition(payload: Added, options: { version?: 1 | 2; id?: string; at?: number } = {}): EventMessage {
  const { version = 1, id = randomUUID(), at = Date.now() } = options;
  const context = { ids: { next: () => id }, clock: { now: () => new Date(at) } };
  return version === 1
    ? createEventCodec(oldCatalogue).encode(createEvent(oldCatalogue['counts.added'], payload, context))
    : createEventCodec(newCatalogue).encode(createEvent(newCatalogue['counts.added'], payload, context));
}

/** Adds an event to its counter, in the transaction it is given. */
export async function add(
  store: RelationalStore,
  { counterId, amount, number }: Added,
  occurredAt: string,
  em: HandlerContext['em'],
): Promise<void> {
  const counter = store.table('counter');
  const target = store.dialect === 'postgresql' ? 'on conflict (id) do update set' : 'on duplicate key update';
  const old = (column: string): string => (store.dialect === 'postgresql' ? `counter.${column}` : column);
  await em.execute(
    `insert into ${counter} (id, total, last_number, disorder) values (?, ?, ?, 0) ${target}
       disorder = ${old('disorder')} + case when ${old('last_number')} >= ? then 1 else 0 end,
       total = ${old('total')} + ?, last_number = ?`,
    [counterId, amount, number, number, amount, number],
    'run',
  );
  await em.execute(
    `insert into ${store.table('effect')} (counter_id, number, at) values (?, ?, ?)`,
    [counterId, number, Date.parse(occurredAt)],
    'run',
  );
}

type Overrides = Partial<Pick<Parameters<typeof defineConsumer>[0], 'policy' | 'middleware' | 'from'>> & {
  readonly name?: string;
  readonly version?: 1 | 2;
  readonly before?: (payload: Added, context: HandlerContext) => Promise<void> | void;
};

/** A consumer that adds up, and can start over. */
export function countingConsumer(store: RelationalStore, { name = 'counting', version = 1, before, ...more }: Overrides = {}): Consumer {
  return defineConsumer({
    name,
    topic: TOPIC,
    catalogue: version === 1 ? oldCatalogue : (newCatalogue as unknown as typeof oldCatalogue), // the same payload
    events: {
      'counts.added': async (event, context) => {
        await before?.(event.payload, context);
        await add(store, event.payload, event.occurredAt, context.em);
      },
    },
    replay: {
      reset: async (em, sinceMs) => {
        const effect = store.table('effect');
        await em.execute(`delete from ${effect} where at >= ?`, [sinceMs], 'run');
        await em.execute(
          `update ${store.table('counter')} set total = (select count(*) from ${effect} e where e.counter_id = id),
             last_number = (select coalesce(max(e.number), 0) from ${effect} e where e.counter_id = id)`,
          [],
          'run',
        );
      },
    },
    ...more,
    policy: { backoff: () => 20, ...more.policy },
  });
}

export function host(
  store: RelationalStore,
  bus: Bus,
  consumers: readonly Consumer[],
  more: Partial<ConsumerHostOptions> = {},
): ConsumerHost {
  return new ConsumerHost({
    store,
    bus,
    consumers,
    subgraph: 'counts',
    logger: silentLogger,
    metrics: createMetrics(),
    lookMs: 50,
    ...more,
  });
}

export interface Sums {
  /** Effects, and among them those of one event twice. */
  readonly effects: number;
  readonly doubled: number;
  readonly total: number;
  /** Times an event took effect after a later one of its counter. */
  readonly disorder: number;
}

export async function readSums(store: RelationalStore): Promise<Sums> {
  const effect = store.table('effect');
  const [row] = await store.read().execute<Record<keyof Sums, string | number | null>[]>(
    `select (select count(*) from ${effect}) as effects,
       (select count(*) from ${effect}) - (select count(*) from (select distinct counter_id, number from ${effect}) d) as doubled,
       (select coalesce(sum(total), 0) from ${store.table('counter')}) as total,
       (select coalesce(sum(disorder), 0) from ${store.table('counter')}) as disorder`,
  );
  const number = (value: string | number | null | undefined): number => Number(value ?? 0);
  return { effects: number(row?.effects), doubled: number(row?.doubled), total: number(row?.total), disorder: number(row?.disorder) };
}
