/**
 * The templates' system of record as the drill opens it for itself: with capture, so that transactions can be written that the subgraph's use cases
 * have no reason to make. Like the comparison of targets it reaches past what packages export.
 */
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { ChangeCapture, OutboxRow } from '@loomgraph/sync';
import { writeOutbox } from '../../../../shared/sync/dist/outbox/write-outbox.js';
import { entities, TemplateEntity } from '../../../../subgraphs/templates/dist/store/entities.js';
import { records } from '../../../../subgraphs/templates/dist/store/records.js';

export interface OpenRecord {
  readonly store: RelationalStore;
  /** Changes a template's content in a transaction that stays open for a while after its rows are written. */
  changeSlowly(id: string, content: string, wait: () => Promise<void>): Promise<void>;
  /** Ids of all templates. */
  ids(): Promise<readonly string[]>;
}

export async function openRecord(stores: StoreSet): Promise<OpenRecord> {
  const store = await stores.relational({
    name: 'templates',
    entities: [...entities, OutboxRow],
    migrations: [],
    subscribers: [new ChangeCapture(records)],
  });
  return {
    store,
    changeSlowly: (id, content, wait) =>
      store.transaction(async (em) => {
        const template = await em.findOne(TemplateEntity, { id });
        if (!template) return;
        template.content = content;
        await em.flush();
        // Its row gets its id now, long before it can be seen.
        await writeOutbox(em);
        await wait();
      }),
    ids: async () =>
      (await store.read().execute<{ id: string }[]>(`select id from ${store.table('template')} order by id`)).map(({ id }) => id),
  };
}
