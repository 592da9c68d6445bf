import type { RelationalStore } from '@loomgraph/stores/relational';
import { createHash } from 'node:crypto';
import { nowMs } from '../dialect.js';
import type { RecordType } from '../record.js';

/** Before the names of all triggers, so that those of an earlier form are found. */
export const PREFIX = 'loom_capture_';

/** The table of a record type, as its triggers see it. */
export interface CapturedTable {
  readonly name: string;
  /** Quoted and qualified. */
  readonly sql: string;
  readonly key: string;
  readonly revision: string;
  readonly type: string;
}

export interface NamedTrigger {
  /** Ends in a hash of its text: another text is another trigger, which can be there before the old one goes. */
  readonly name: string;
  readonly sql: string;
}

export function capturedTable(store: RelationalStore, { entity, key, revision, type }: RecordType): CapturedTable {
  // The store's own metadata: an entity by itself does not know its columns.
  const { tableName, properties } = store.orm.getMetadata().get(entity);
  const columns = properties as Readonly<Record<string, { readonly fieldNames: readonly string[] }>>; // by name, whatever the entity
  const column = (property: string): string => columns[property]?.fieldNames[0] ?? property;
  return { name: tableName, sql: store.table(tableName), key: column(key), revision: column(revision), type };
}

/**
 * What triggers remember: the revision of what was deleted, so that a record that comes back under its id goes on from there; and, in MySQL, which
 * connection is writing what the unit of work captures itself (rows of it are never committed).
 */
export function captureTables(store: RelationalStore): readonly string[] {
  const deleted = `create table if not exists ${store.table('capture_deleted')} (
    record_type varchar(64) not null, record_id varchar(191) not null, revision bigint not null, primary key (record_type, record_id))`;
  return store.dialect === 'postgresql'
    ? [deleted]
    : [deleted, `create table if not exists ${store.table('capture_own')} (connection bigint unsigned primary key)`];
}

/** One function and two triggers, replaced where they are there. */
export function postgresTriggers(store: RelationalStore, table: CapturedTable): readonly string[] {
  const outbox = store.table('outbox');
  const deleted = store.table('capture_deleted');
  const before = store.table(`${PREFIX}${table.name}_before`);
  const after = store.table(`${PREFIX}${table.name}_after`);
  const { key, revision, type } = quoted(table, '"');
  const row = (record: 'new' | 'old', value: string, isDeleted: boolean): string =>
    `insert into ${outbox} (kind, record_type, record_id, revision, deleted, occurred_at)
       values ('c', ${type}, ${record}.${key}::text, ${value}, ${isDeleted}, ${nowMs('postgresql')});`;
  const remember = `insert into ${deleted} values (${type}, old.${key}::text, old.${revision} + 1)
    on conflict (record_type, record_id) do update set revision = excluded.revision;`;
  // The writer needs no rights on the engine's tables: the functions run with those of whoever installed them.
  const head = 'returns trigger language plpgsql security definer set search_path = pg_catalog as $loom$';
  return [
    `create or replace function ${before}() ${head}
     declare known bigint;
     begin
       if tg_op = 'UPDATE' then
         if new.${revision} <= old.${revision} then new.${revision} := old.${revision} + 1; end if;
         if new.${key} = old.${key} then return new; end if;
       end if;
       select d.revision + 1 into known from ${deleted} d where d.record_type = ${type} and d.record_id = new.${key}::text;
       if known > new.${revision} then new.${revision} := known; end if;
       return new;
     end $loom$`,
    `create or replace function ${after}() ${head}
     declare own boolean := coalesce(current_setting('loom.own_writes', true), '') = 'on';
     begin
       if tg_op = 'DELETE' then
         ${remember}
         if not own then ${row('old', `old.${revision} + 1`, true)} end if;
         return null;
       end if;
       if tg_op = 'UPDATE' then
         if new.${key} <> old.${key} then
           ${remember}
           if not own then ${row('old', `old.${revision} + 1`, true)} end if;
         end if;
       end if;
       if not own then ${row('new', `new.${revision}`, false)} end if;
       return null;
     end $loom$`,
    `create or replace trigger ${PREFIX}before before insert or update on ${table.sql} for each row execute function ${before}()`,
    `create or replace trigger ${PREFIX}after after insert or update or delete on ${table.sql} for each row execute function ${after}()`,
  ];
}

export function dropPostgresTriggers(store: RelationalStore, table: CapturedTable): readonly string[] {
  return ['before', 'after'].flatMap((when) => [
    `drop trigger if exists ${PREFIX}${when} on ${table.sql}`,
    `drop function if exists ${store.table(`${PREFIX}${table.name}_${when}`)}()`,
  ]);
}

/** MySQL and MariaDB have a trigger per event. */
export function mysqlTriggers(store: RelationalStore, table: CapturedTable): readonly NamedTrigger[] {
  const outbox = store.table('outbox');
  const deleted = store.table('capture_deleted');
  const { key, revision, type } = quoted(table, '`');
  // Tables of other programs may compare texts otherwise than ours do.
  const id = (record: 'new' | 'old'): string => `convert(${record}.${key} using utf8mb4) collate utf8mb4_bin`;
  const notOwn = `not exists (select 1 from ${store.table('capture_own')} where connection = connection_id())`;
  const row = (record: 'new' | 'old', value: string, isDeleted: 0 | 1): string =>
    `insert into ${outbox} (kind, record_type, record_id, revision, deleted, occurred_at)
       values ('c', ${type}, ${id(record)}, ${value}, ${isDeleted}, ${nowMs('mysql')});`;
  const remember = `insert into ${deleted} values (${type}, ${id('old')}, old.${revision} + 1) on duplicate key update revision = values(revision);`;
  const known = `coalesce((select d.revision + 1 from ${deleted} d where d.record_type = ${type} and d.record_id = ${id('new')}), 1)`;
  const gone = `${remember} if ${notOwn} then ${row('old', `old.${revision} + 1`, 1)} end if;`;
  // REPLACE deletes the row it replaces only after this trigger: what that had must be looked up.
  const replaced = `coalesce((select r.${revision} + 2 from ${table.sql} r where r.${key} = new.${key}), 1)`;
  const keyChanged = `old.${key} <> new.${key}`;
  const bodies = {
    'before insert': `set new.${revision} = greatest(new.${revision}, ${known}, ${replaced})`,
    'before update': `set new.${revision} = greatest(new.${revision}, old.${revision} + 1, if(${keyChanged}, ${known}, 1))`,
    'after insert': `begin if ${notOwn} then ${row('new', `new.${revision}`, 0)} end if; end`,
    'after update': `begin if ${keyChanged} then ${gone} end if; if ${notOwn} then ${row('new', `new.${revision}`, 0)} end if; end`,
    'after delete': `begin ${gone} end`,
  };
  return Object.entries(bodies).map(([event, body]) => {
    const initials = event.replace(/(\w)\w* (\w)\w*/, '$1$2');
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 8);
    const name = `${PREFIX}${table.name.slice(0, 36)}_${initials}_${hash}`;
    return { name, sql: `create trigger \`${name}\` ${event} on ${table.sql} for each row ${body}` };
  });
}

function quoted({ key, revision, type }: CapturedTable, quote: string): { key: string; revision: string; type: string } {
  return { key: quote + key + quote, revision: quote + revision + quote, type: `'${type.replaceAll("'", "''")}'` };
}
