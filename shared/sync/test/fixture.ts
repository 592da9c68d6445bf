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
  type RelayOptions,
  type Trigger,
  type UnitOfWork,
} from '../src/index.js';

export const Note = defineEntity({
  name: 'Note',
  tableName: 'note',
  properties: {
    id: p.string().length(36).primary(),
    text: p.string().length(200),
    topicId: p.string().length(36).nullable(),
    revision: p.integer().version(),
  },
});
/** What notes are about: its name is part of what is derived from them. */
export const Topic = defineEntity({
  name: 'Topic',
  tableName: 'topic',
  properties: { id: p.string().length(36).primary(), name: p.string().length(200), revision: p.integer().version() },
});
export const noteRecord = defineRecord('Note', Note);
export const topicRecord = defineRecord('Topic', Topic);

const tables = (t: (name: string) => string) => [
  `create table ${t('note')} (id varchar(36) primary key, text varchar(200) not null, topic_id varchar(36) null, revision int not null default 1)`,
  `create table ${t('topic')} (id varchar(36) primary key, name varchar(200) not null, revision int not null default 1)`,
];
export const noteMigration = { name: '0001-note', postgresql: tables, mysql: tables };

export interface DeliveryRow {
  readonly projection: string;
  readonly record_type: string;
  readonly record_id: string;
  readonly state: string;
  readonly attempts: number;
  readonly error_code: string | null;
  readonly payload: string | null;
  readonly first_outbox_id: string | number;
  readonly last_outbox_id: string | number;
  readonly lease_owner: string | null;
}

export interface Fixture {
  readonly store: RelationalStore;
  readonly unitOfWork: UnitOfWork;
  readonly published: BusMessage[];
  /** Makes `publish` fail while set. */
  busDown: boolean;
  relay(projections: readonly Projection[], options?: Partial<RelayOptions>): Relay;
  write(id: string, text: string, topicId?: string): Promise<void>;
  /** Names a topic, which is made when it is not there. */
  name(topicId: string, name: string): Promise<void>;
  deliveries(): Promise<readonly DeliveryRow[]>;
  remove(id: string): Promise<void>;
}

export async function openFixture(backend: RelationalBackend): Promise<Fixture> {
  const store = await backend.open({
    entities: [Note, Topic, OutboxRow],
    migrations: [...syncMigrations, noteMigration],
    subscribers: [new ChangeCapture([noteRecord, topicRecord])],
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
    relay(projections, options = {}) {
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
        records: [noteRecord, topicRecord],
        subgraph: 'notes',
        logger: silentLogger,
        metrics: createMetrics(),
        pollMs: 50,
        ...options,
      });
      relays.push(relay);
      return relay;
    },
    write: (id, text, topicId) =>
      unitOfWork.run(async ({ em }) => {
        const note = await em.findOne(Note, { id });
        if (note) em.assign(note, { text, ...(topicId !== undefined && { topicId }) });
        else em.create(Note, { id, text, topicId: topicId ?? null });
      }),
    name: (topicId, name) =>
      unitOfWork.run(async ({ em }) => {
        const topic = await em.findOne(Topic, { id: topicId });
        if (topic) topic.name = name;
        else em.create(Topic, { id: topicId, name });
      }),
    deliveries: () => store.read().execute(`select * from ${store.table('delivery')} order by projection, record_id`),
    remove: (id) => unitOfWork.run(async ({ em }) => void em.remove(await em.findOneOrFail(Note, { id }))),
  };
  return fixture;
}

export interface NoteProjectionOptions {
  readonly name?: string;
  readonly version?: number;
  readonly after?: readonly string[];
  readonly triggers?: readonly Trigger[];
  readonly policy?: Partial<ProjectionPolicy>;
}

/** A note's text and its topic's name. */
export function noteProjection(target: MemoryTarget, options: NoteProjectionOptions = {}): Projection {
  return defineProjection<NoteContent, NoteContent>({
    name: options.name ?? 'notes',
    version: options.version ?? 1,
    source: 'Note',
    after: options.after ?? [],
    triggers: options.triggers ?? [],
    load: async (ids, em) => {
      const notes = await em.find(Note, { id: { $in: [...ids] } });
      const topics = await em.find(Topic, { id: { $in: notes.flatMap(({ topicId }) => topicId ?? []) } });
      const names = new Map(topics.map(({ id, name }) => [id, name]));
      return notes.map(({ id, revision, text, topicId }) => {
        const topic = names.get(topicId ?? '');
        return { id, revision, value: { text, ...(topic !== undefined && { topic }) } };
      });
    },
    derive: (content) => {
      if (content.text === 'cannot be derived') throw new Error('derive failed');
      return content;
    },
    target: target as never,
    policy: { backoff: () => 20, ...options.policy },
  });
}

interface NoteContent {
  readonly text: string;
  readonly topic?: string;
}

/** Notes are derived again when their topic changes. */
export const byTopic: Trigger = {
  on: 'Topic',
  ids: async (topicIds, em, { after, limit }) => {
    const notes = await em.find(
      Note,
      { topicId: { $in: [...topicIds] }, ...(after !== undefined && { id: { $gt: after } }) },
      { fields: ['id'], orderBy: { id: 'asc' }, limit },
    );
    return notes.map(({ id }) => id);
  },
};
