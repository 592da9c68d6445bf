import type { RelationalStore } from '@loomgraph/stores/relational';
import { enqueueTask } from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';

/** Objects that go once the transaction is committed: one key, or all that begin with a prefix that ends in `/`. */
export interface Removal {
  /** What they belonged to. */
  readonly id: string;
  readonly where: { readonly key: string } | { readonly prefix: string };
}

export const REMOVE_FILES = 'remove-files';

const KEYS_AT_ONCE = 500;

export function enqueueRemoval(store: RelationalStore, em: EntityManager, { id, where }: Removal): Promise<void> {
  return enqueueTask(store, em, { kind: REMOVE_FILES, key: `${'prefix' in where ? 'all' : 'one'}:${id}`, payload: where });
}

/** Whether files of one of these resumes, or one of these versions, are still to be deleted: what is written under their keys would go as well. */
export async function areRemovalsPending(
  store: RelationalStore,
  em: EntityManager,
  { resumeIds, versionIds }: { readonly resumeIds: readonly string[]; readonly versionIds: readonly string[] },
): Promise<boolean> {
  const keys = [...resumeIds.map((id) => `all:${id}`), ...versionIds.map((id) => `one:${id}`)];
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
    const some = keys.slice(from, from + KEYS_AT_ONCE);
    const found = await em.execute<unknown[]>(
      `select 1 as found from ${store.table('task')} where kind = ? and task_key in (${some.map(() => '?').join(', ')}) limit 1`,
      [REMOVE_FILES, ...some],
    );
    if (found.length > 0) return true;
  }
  return false;
}
