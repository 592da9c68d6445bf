import type { RelationalStore } from '@loomgraph/stores/relational';
import { nowMs, onConflict } from '../dialect.js';
import type { Projection } from './define-projection.js';

/**
 * Makes the projections known to everyone who has the database: to status and commands of other processes, and to the counter that claims
 * draw their fence from. A new one has no version yet: no record was made due for it.
 */
export async function registerProjections(store: RelationalStore, projections: readonly Projection[]): Promise<void> {
  await store.transaction(async (em) => {
    for (const { name, source, definition, of } of projections) {
      if (of !== undefined) continue;
      await em.execute(
        `insert into ${store.table('projection')} (name, version, updated_at, source, target) values (?, '', ${nowMs(store.dialect)}, ?, ?)
         ${onConflict(store.dialect, ['name'], (incoming) => [`source = ${incoming('source')}`, `target = ${incoming('target')}`])}`,
        [name, source, definition.target.kind],
        'run',
      );
    }
  });
}
