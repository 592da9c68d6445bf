import type { Bus, BusMessage } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import type { MemoryTarget, RelationalBackend } from '@loomgraph/testing';
import { defineEntity, p } from '@mikro-orm/core';
import {
  ChangeCapture,
  createUnitOfWork,
  defineProjection,
  defineRecord,
  OutboxRow,
  Relay,
  syncMigrations,
  type Projection,
  type ProjectionPolicy,
  type UnitOfWork,
} from '../src/index.js';

export const Note = defineEntity({
  name: 'Note',
  tableName: 'note',
  properties: { id: p.string().length(36).primary(), text: p.string().length(200), revision: p.integer().version() },
});
export const noteRecord = defineRecord('Note', Note);

const noteMigration = {
  name: '0001-note',
  postgresql: (t: (name: string) => string) => [
    `create table ${t('note')} (id varchar(36) primary key, text varchar(200) not null, revision int not null default 1)`,
  ],
  mysql: (t: (name: string) => string) => [
    `create table ${t('note')} (id varchar(36) primary key, text varchar(200) not null, revision int not null default 1)`,
  ],
};

export interface Fixture {
  readonly store: RelationalStore;
  readonly unitOfWork: UnitOfWork;
  readonly published: BusMessage[];
  /** Makes `publish` fail while set. */
  busDown: boolean;
  relay(projections: readonly Projection[]): Relay;
  write(id: string, text: string): Promise<void>;
  remove(id: string): Promise<void>;
}

export async function openFixture(backend: RelationalBackend): Promise<Fixture> {
  const store = await backend.open({
    entities: [Note, OutboxRow],
    migrations: [...syncMigrations, noteMigration],
    subscribers: [new ChangeCapture([noteRecord])],
  });
  await store.migrate();
  const relays: Relay[] = [];
  const unitOfWork = createUnitOfWork(store, () => {
    for (const relay of relays) relay.notify();
  });
  const published: BusMessage[] = [];
  const fixture: Fixture = {
    store,
    unitOfWork,
    published,
    busDown: false,
    relay(projections) {
      const bus = {
        publish: (_topic: string, messages: readonly BusMessage[]) => {
          if (fixture.busDown) return Promise.reject(new Error('bus down'));
          published.push(...messages);
          return Promise.resolve();
        },
      };
      const relay = new Relay({
        store,
        bus: bus as unknown as Bus,
        projections,
        records: [noteRecord],
        subgraph: 'notes',
        logger: silentLogger,
        metrics: createMetrics(),
        pollMs: 50,
      });
      relays.push(relay);
      return relay;
    },
    write: (id, text) =>
      unitOfWork.run(async ({ em }) => {
        const note = await em.findOne(Note, { id });
        if (note) note.text = text;
        else em.create(Note, { id, text });
      }),
    remove: (id) => unitOfWork.run(async ({ em }) => void em.remove(await em.findOneOrFail(Note, { id }))),
  };
  return fixture;
}

export function noteProjection(
  target: MemoryTarget,
  options: { name?: string; version?: number; after?: readonly string[]; policy?: Partial<ProjectionPolicy> } = {},
): Projection {
  return defineProjection<{ text: string }, { text: string }>({
    name: options.name ?? 'notes',
    version: options.version ?? 1,
    source: 'Note',
    after: options.after ?? [],
    load: async (ids, em) =>
      (await em.find(Note, { id: { $in: [...ids] } })).map(({ id, revision, text }) => ({ id, revision, value: { text } })),
    derive: ({ text }) => ({ text }),
    target: target as never,
    policy: { backoff: () => 20, ...options.policy },
  });
}
