import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { OutboxRow } from '../outbox/row.js';
import type { OpenEngine } from './sync-tokens.js';

/**
 * The ways to the engines of these subgraphs, which run elsewhere: each database is opened when a token first asks for it, and again after a
 * failure. Their tables are theirs to make. A pool of a few connections is enough.
 */
export function openEngines(stores: Pick<StoreSet, 'relational'>, subgraphs: readonly string[]): OpenEngine {
  const opened = new Map<string, Promise<RelationalStore>>();
  return (subgraph) => {
    if (!subgraphs.includes(subgraph)) return undefined;
    const known = opened.get(subgraph);
    if (known) return known;
    const opening = stores.relational({ name: subgraph, entities: [OutboxRow], migrations: [] });
    opened.set(subgraph, opening);
    opening.catch(() => opened.delete(subgraph));
    return opening;
  };
}
