import type { RelationalStore } from '@loomgraph/stores/relational';
import { jobs } from '@loomgraph/sync';
import type { VectorChecks } from '../../domain/backups/ports.js';

/** Jobs are named as the graph names them: by their subgraph, too. */
export function createVectorChecks({ store, subgraph }: { readonly store: RelationalStore; readonly subgraph: string }): VectorChecks {
  return {
    request: async ({ repair, requestedBy }) =>
      `${subgraph}:${(await jobs(store).create({ kind: repair ? 'repair' : 'check', requestedBy })).id}`,
  };
}
