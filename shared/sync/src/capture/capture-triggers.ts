import { LoomError, StoreError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import type { RecordType } from '../record.js';
import {
  capturedTable,
  captureTables,
  dropPostgresTriggers,
  mysqlTriggers,
  postgresTriggers,
  PREFIX,
  type CapturedTable,
} from './trigger-sql.js';

/** Installing takes moments; who waits longer waits for somebody who hangs. */
const LOCK_SECONDS = 60;

/**
 * Captures what other programs write into the tables of these records: triggers write the outbox row in the writer's transaction, and raise the
 * revision where the writer did not. What the unit of work writes is left to `ChangeCapture` where `OwnWrites` is among the store's subscribers;
 * without it such a change is captured twice, which costs a row and changes nothing.
 *
 * To be called after `migrate`, at every start: it does what is missing, replaces what is of an earlier release, and may be called by many
 * processes at once. In MySQL new triggers are there before old ones go, so no write slips between.
 *
 * Not seen by triggers: TRUNCATE, and in MySQL rows that a foreign key deletes or updates. The auditor finds them.
 * @throws LoomError CONFIG_INVALID where the database user may not make triggers; StoreError
 */
export function captureTriggers(store: RelationalStore, records: readonly RecordType[]): Promise<void> {
  return alone(store, async (em) => {
    for (const sql of captureTables(store)) await em.execute(sql, [], 'run');
    for (const record of records) {
      const table = capturedTable(store, record);
      if (store.dialect === 'postgresql') for (const sql of postgresTriggers(store, table)) await em.execute(sql, [], 'run');
      else await replaceMysqlTriggers(em, store, table);
    }
  });
}

/** Takes the triggers of these records away. What they remember of deleted records stays: they may be installed again. */
export function dropCaptureTriggers(store: RelationalStore, records: readonly RecordType[]): Promise<void> {
  return alone(store, async (em) => {
    for (const record of records) {
      const table = capturedTable(store, record);
      if (store.dialect === 'postgresql') for (const sql of dropPostgresTriggers(store, table)) await em.execute(sql, [], 'run');
      else await dropMysqlTriggers(em, store, await mysqlTriggersOf(em, table));
    }
  });
}

async function replaceMysqlTriggers(em: EntityManager, store: RelationalStore, table: CapturedTable): Promise<void> {
  const there = await mysqlTriggersOf(em, table);
  const wanted = mysqlTriggers(store, table);
  for (const { name, sql } of wanted) if (!there.includes(name)) await em.execute(sql, [], 'run');
  await dropMysqlTriggers(
    em,
    store,
    there.filter((name) => !wanted.some((trigger) => trigger.name === name)),
  );
}

async function mysqlTriggersOf(em: EntityManager, table: CapturedTable): Promise<string[]> {
  const rows = await em.execute<{ name: string }[]>(
    `select trigger_name as name from information_schema.triggers where trigger_schema = database() and event_object_table = ?`,
    [table.name],
  );
  return rows.map(({ name }) => name).filter((name) => name.startsWith(PREFIX));
}

async function dropMysqlTriggers(em: EntityManager, store: RelationalStore, names: readonly string[]): Promise<void> {
  for (const name of names) await em.execute(`drop trigger if exists ${store.table(name)}`, [], 'run');
}

/** One process after the other. In MySQL each statement commits by itself, so there the lock is the connection's. */
async function alone(store: RelationalStore, work: (em: EntityManager) => Promise<void>): Promise<void> {
  try {
    await store.transaction(async (em) => {
      if (store.dialect === 'postgresql') {
        await em.execute(`select pg_advisory_xact_lock(hashtext(?))`, [`loomgraph:${store.table('outbox')}`]);
        await work(em);
        return;
      }
      const lock = `concat('loomgraph:capture:', left(database(), 40))`;
      const [row] = await em.execute<{ got: number | null }[]>(`select get_lock(${lock}, ${LOCK_SECONDS}) as got`);
      if (row?.got !== 1)
        throw new StoreError('timeout', store.dialect, `Another process has been installing triggers for over ${LOCK_SECONDS} s.`);
      try {
        await work(em);
      } finally {
        await em.execute(`select release_lock(${lock})`);
      }
    });
  } catch (error) {
    throw toPrivilegeError(error, store);
  }
}

/**
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html, https://www.postgresql.org/docs/17/errcodes-appendix.html
 */
const refused: Readonly<Record<string, string>> = {
  ER_BINLOG_CREATE_ROUTINE_NEED_SUPER:
    'the server writes a binary log; set log_bin_trust_function_creators = 1 on it, or install them once as a user with SUPER',
  ER_TABLEACCESS_DENIED_ERROR: 'grant it TRIGGER on the tables and CREATE on the database',
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 'grant it TRIGGER on the tables and CREATE on the database',
  ER_DBACCESS_DENIED_ERROR: 'grant it TRIGGER and CREATE on the database',
  '42501': 'it must own the tables and may have to be granted CREATE on the schema',
};

function toPrivilegeError(error: unknown, store: RelationalStore): unknown {
  for (let current = error; current instanceof Error; current = current.cause) {
    const remedy = refused[String((current as { code?: unknown }).code)];
    if (remedy !== undefined) {
      return new LoomError(
        'CONFIG_INVALID',
        `The database user may not make the triggers that capture changes (${store.dialect}): ${remedy}.`,
        {
          cause: error,
        },
      );
    }
  }
  return error;
}
