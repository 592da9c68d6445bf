import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { nowMs, onConflict } from '../dialect.js';

/** Something to be done after a commit. There is one per kind and key. */
export interface NewTask {
  /** At most 64 characters. */
  readonly kind: string;
  /** What it is about, at most 191 characters. */
  readonly key: string;
  /** JSON that the handler gets. */
  readonly payload?: unknown;
  /** Not before so many milliseconds from now. Default 0. */
  readonly afterMs?: number;
}

/**
 * Puts a task into the running transaction: it is done once that commits, and never when it does not. One that is there already gets the new
 * payload and time and is done once more, even when it is being done now. `keep`: one that is there already stays as it is.
 */
export async function enqueueTask(
  store: RelationalStore,
  em: EntityManager,
  { kind, key, payload = null, afterMs = 0 }: NewTask,
  ifThere: 'renew' | 'keep' = 'renew',
): Promise<void> {
  const table = store.table('task');
  const clause =
    ifThere === 'renew'
      ? onConflict(store.dialect, ['kind', 'task_key'], (incoming) => [
          `payload = ${incoming('payload')}`,
          `due_at = ${incoming('due_at')}`,
          `generation = ${store.dialect === 'postgresql' ? `${table}.generation` : 'generation'} + 1`,
          'attempts = 0',
          'error_code = null',
          'owner = null',
        ])
      : store.dialect === 'postgresql'
        ? 'on conflict do nothing'
        : 'on duplicate key update kind = kind';
  await em.execute(
    `insert into ${table} (kind, task_key, payload, due_at) values (?, ?, ?, ${nowMs(store.dialect)} + ?) ${clause}`,
    [kind, key, JSON.stringify(payload), afterMs],
    'run',
  );
}
