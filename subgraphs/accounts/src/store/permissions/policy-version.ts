import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import type { PolicyChange } from '../../domain/permissions/permissions.js';

/** Versions whose changes are kept; an authorizer that is further behind reads everything again. */
const KEPT_VERSIONS = 10_000;
/** Rows of one statement. */
const ROWS_AT_ONCE = 200;

/** Waits for other writers of the policy. Versions are drawn under this lock, so they rise in the order of the commits. */
export async function lockPolicy(em: EntityManager, store: RelationalStore): Promise<number> {
  const [row] = await em.execute<{ version: number | string }[]>(
    `select version from ${store.table('policy_version')} where id = 1 for update`,
  );
  return Number(row?.version ?? 0);
}

/** Draws the next version and writes down what it changed. @returns the version */
export async function raisePolicy(
  em: EntityManager,
  { store, version, changes }: { store: RelationalStore; version: number; changes: readonly PolicyChange[] },
): Promise<number> {
  const next = version + 1;
  await em.execute(`update ${store.table('policy_version')} set version = ? where id = 1`, [next], 'run');
  const rows = changes.map((change, position) => [next, position, change.kind, change.kind === 'rules' ? '' : change.id]);
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    await em.execute(
      `insert into ${store.table('policy_change')} (version, position, kind, subject_id) values ${some.map(() => '(?, ?, ?, ?)').join(', ')}`,
      some.flat(),
      'run',
    );
  }
  await em.execute(`delete from ${store.table('policy_change')} where version <= ?`, [next - KEPT_VERSIONS], 'run');
  return next;
}
