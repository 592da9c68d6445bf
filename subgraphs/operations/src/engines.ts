import { LoomError } from '@loomgraph/core';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { openEngines as openEachEngine } from '@loomgraph/sync';

/** The sync engines of the product: each keeps what there is to know about it in its subgraph's database. */
export interface Engines {
  readonly subgraphs: readonly string[];
  /**
   * The database of a subgraph's engine, opened when first asked for.
   * @throws LoomError BAD_USER_INPUT for a subgraph that has none, STORE_UNAVAILABLE when it is away or its subgraph was never started
   */
  of(subgraph: string): Promise<RelationalStore>;
}

/** The engines of these subgraphs, wherever they run. */
export function openEngines(stores: StoreSet, subgraphs: readonly string[]): Engines {
  const open = openEachEngine(stores, subgraphs);
  const made = new WeakSet<RelationalStore>();
  return {
    subgraphs,
    async of(subgraph) {
      const store = await (open(subgraph) ?? Promise.reject(noEngine(subgraph, subgraphs)));
      if (!made.has(store)) await assertMade(store, subgraph);
      made.add(store);
      return store;
    },
  };
}

/** Its tables are its subgraph's to make: whoever opens it here may be first. */
async function assertMade(store: RelationalStore, subgraph: string): Promise<void> {
  try {
    await store.read().execute(`select 1 from ${store.table('projection')} limit 1`);
  } catch (cause) {
    if (cause instanceof LoomError) throw cause;
    throw new LoomError('STORE_UNAVAILABLE', `"${subgraph}" was never started: its sync engine has no tables yet.`, { cause });
  }
}

function noEngine(subgraph: string, subgraphs: readonly string[]): LoomError {
  return new LoomError('BAD_USER_INPUT', `"${subgraph}" has no sync engine; there is: ${subgraphs.join(', ')}.`, { details: { subgraph } });
}
