import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs } from '../dialect.js';

/**
 * Makes tasks that wait due once the running transaction commits; those that are being done, or are not there, stay as they are. A handler that has
 * nothing to do yet misses no call of this when it looks once more in what it gives to `finish`: either that look sees what this transaction wrote,
 * or this one finds the task waiting.
 */
export async function wakeTasks(
  store: RelationalStore,
  em: EntityManager,
  { kind, keys }: { readonly kind: string; readonly keys: readonly string[] },
): Promise<void> {
  if (keys.length === 0) return;
  const these = `kind = ? and task_key in (${keys.map(() => '?').join(', ')})`;
  // First the rows, and then those of them that nobody is doing: an update alone would pass over one that is just given back.
  await em.execute(`select task_key from ${store.table('task')} where ${these} order by task_key for update`, [kind, ...keys]);
  await em.execute(
    `update ${store.table('task')} set due_at = ${nowMs(store.dialect)} where ${these} and owner is null`,
    [kind, ...keys],
    'run',
  );
}
