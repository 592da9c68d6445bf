import { LoomError } from '@loomgraph/core';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { OutboxRow } from '@loomgraph/sync';

/** The sync engines of the product: each keeps what there is to know about it in its subgraph's database. */
export interface Engines {
  readonly subgraphs: readonly string[];
  /**
   * The database of a subgraph's engine, opened when first asked for.
   * @throws LoomError BAD_USER_INPUT for a subgraph that has none; StoreError when it is away
   */
  of(subgraph: string): Promise<RelationalStore>;
}

/** The engines of these subgraphs, wherever they run: their databases are opened here, their tables are theirs to make. */
export function openEngines(stores: StoreSet, subgraphs: readonly string[]): Engines {
  const opened = new Map<string, Promise<RelationalStore>>();
  return {
    subgraphs,
    of(subgraph) {
      if (!subgraphs.includes(subgraph)) {
        return Promise.reject(
          new LoomError('BAD_USER_INPUT', `"${subgraph}" has no sync engine; there is: ${subgraphs.join(', ')}.`, {
            details: { subgraph },
          }),
        );
      }
      const known = opened.get(subgraph);
      if (known) return known;
      const opening = stores.relational({ name: subgraph, entities: [OutboxRow], migrations: [] });
      opened.set(subgraph, opening);
      // What could not be opened is tried again by the next who asks.
      opening.catch(() => opened.delete(subgraph));
      return opening;
    },
  };
}
