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

export function enqueueRemoval(store: RelationalStore, em: EntityManager, { id, where }: Removal): Promise<void> {
  return enqueueTask(store, em, { kind: REMOVE_FILES, key: `${'prefix' in where ? 'all' : 'one'}:${id}`, payload: where });
}
