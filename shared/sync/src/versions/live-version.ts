import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Projection } from '../projection/define-projection.js';

/** The version of a projection that serves reads; undefined before its first start. */
export async function liveVersion(store: RelationalStore, projection: string): Promise<string | undefined> {
  const [row] = await store
    .read()
    .execute<{ version: string }[]>(`select version from ${store.table('projection')} where name = ?`, [projection]);
  return row?.version || undefined;
}

/** Whether what this projection writes is what readers see. */
export async function servesReads(store: RelationalStore, { name, versionKey }: Pick<Projection, 'name' | 'versionKey'>): Promise<boolean> {
  return (await liveVersion(store, name)) === versionKey;
}
