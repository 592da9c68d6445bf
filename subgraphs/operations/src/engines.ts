import { LoomError } from '@loomgraph/core';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { openEngines as openEachEngine } from '@loomgraph/sync';

/** The sync engines of the product: each keeps what there is to know about it in its subgraph's database. */
export interface Engines {
  readonly subgraphs: readonly string[];
  /**
   * The database of a subgraph's engine, opened when first asked for.
   * @throws LoomError BAD_USER_INPUT for a subgraph that has none; StoreError when it is away
   */
  of(subgraph: string): Promise<RelationalStore>;
}

/** The engines of these subgraphs, wherever they run. */
export function openEngines(stores: StoreSet, subgraphs: readonly string[]): Engines {
  const open = openEachEngine(stores, subgraphs);
  return {
    subgraphs,
    of: (subgraph) => open(subgraph) ?? Promise.reject(noEngine(subgraph, subgraphs)),
  };
}

function noEngine(subgraph: string, subgraphs: readonly string[]): LoomError {
  return new LoomError('BAD_USER_INPUT', `"${subgraph}" has no sync engine; there is: ${subgraphs.join(', ')}.`, { details: { subgraph } });
}
