import type { RelationalStore } from '@loomgraph/stores/relational';

/** Something done behind the audit log's back, and what verification must say of it. */
export interface Planting {
  readonly name: string;
  readonly expected: readonly string[];
  plant(store: RelationalStore): Promise<void>;
  undo(store: RelationalStore): Promise<void>;
}

/** For a log of so many records, the last of which is anchored. */
export function plantings(rows: number): readonly Planting[] {
  const middle = Math.floor(rows / 2) + 1;
  const cut = rows - 100;
  return [
    {
      name: 'an edit: who it was, in one record',
      expected: [`edited ${middle}-${middle}`],
      plant: (store) => run(store, (t) => `update ${t} set actor_user = 'user-1' where seq = ${middle} and actor_user <> 'user-1'`),
      undo: (store) => run(store, (t) => `update ${t} set actor_user = resource_id where seq = ${middle}`),
    },
    {
      name: 'a deletion: three records',
      expected: [`missing ${middle}-${middle + 2}`],
      plant: (store) => moveAway(store, `seq between ${middle} and ${middle + 2}`),
      undo: bringBack,
    },
    {
      name: 'a swap: two neighbours change places',
      expected: [`edited ${middle}-${middle + 1}`, `broken-link ${middle}-${middle + 2}`],
      plant: (store) => swap(store, middle),
      undo: (store) => swap(store, middle),
    },
    {
      name: 'a truncation: the last hundred records',
      expected: [`truncated ${cut + 1}-${rows}`],
      plant: (store) => moveAway(store, `seq > ${cut}`),
      undo: bringBack,
    },
    {
      name: 'a truncation with the head set back: only the anchors remember',
      expected: [`truncated ${cut + 1}-${rows}`],
      async plant(store) {
        await moveAway(store, `seq > ${cut}`);
        await execute(
          store,
          `update ${store.table('audit_head')} set seq = ${cut}, hash = (select hash from ${store.table('audit_record')} where seq = ${cut})`,
        );
      },
      async undo(store) {
        await bringBack(store);
        await execute(
          store,
          `update ${store.table('audit_head')} set seq = ${rows}, hash = (select hash from ${store.table('audit_record')} where seq = ${rows})`,
        );
      },
    },
  ];
}

const run = (store: RelationalStore, sql: (table: string) => string): Promise<void> => execute(store, sql(store.table('audit_record')));

async function execute(store: RelationalStore, sql: string): Promise<void> {
  await store.transaction((em) => em.execute(sql, [], 'run'));
}

/** Into a table beside, from where `bringBack` takes it. */
async function moveAway(store: RelationalStore, condition: string): Promise<void> {
  const [records, beside] = [store.table('audit_record'), store.table('audit_beside')];
  await execute(store, `create table ${beside} as select * from ${records} where ${condition}`);
  await execute(store, `delete from ${records} where ${condition}`);
}

async function bringBack(store: RelationalStore): Promise<void> {
  const [records, beside] = [store.table('audit_record'), store.table('audit_beside')];
  await execute(store, `insert into ${records} select * from ${beside}`);
  await execute(store, `drop table ${beside}`);
}

async function swap(store: RelationalStore, seq: number): Promise<void> {
  await run(store, (t) => `update ${t} set seq = -1 where seq = ${seq}`);
  await run(store, (t) => `update ${t} set seq = ${seq} where seq = ${seq + 1}`);
  await run(store, (t) => `update ${t} set seq = ${seq + 1} where seq = -1`);
}
