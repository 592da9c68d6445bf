import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Projection } from '../projection/define-projection.js';
import { putVersion, setLive, setState } from './registry.js';
import { buildName } from './version-key.js';

/**
 * Says, at the start of a process, which version of each projection its code is for. The last process that started decides: a build of another
 * version is given up.
 *
 * - It is the live one: nothing is to be done.
 * - There is none, or the projection keeps one storage for all versions: it is live at once, and filled.
 * - Another one serves reads: it is built beside, and swapped in once it is complete.
 *
 * The projections must be registered.
 */
export async function declareVersions(store: RelationalStore, projections: readonly Projection[]): Promise<void> {
  const wanted = new Map<string, Projection>();
  for (const projection of projections)
    if (projection.of === undefined && !wanted.has(projection.name)) wanted.set(projection.name, projection);
  for (const projection of wanted.values()) await declareVersion(store, projection);
}

async function declareVersion(store: RelationalStore, { name, versionKey, storages }: Projection): Promise<void> {
  const table = store.table('projection_version');
  await store.transaction(async (em) => {
    const [row] = await em.execute<{ version: string }[]>(`select version from ${store.table('projection')} where name = ? for update`, [
      name,
    ]);
    const known = await em.execute<{ version: string; state: string }[]>(`select version, state from ${table} where projection = ?`, [
      name,
    ]);
    const live = known.some(({ version, state }) => state === 'live' && version === row?.version) ? row?.version : undefined;
    for (const { version } of known.filter((one) => one.state === 'building' && one.version !== versionKey)) {
      await setState(store, em, { projection: name, version, state: 'retired' });
      await em.execute(`delete from ${store.table('delivery')} where projection = ?`, [buildName(name, version)], 'run');
    }
    if (live === versionKey) return;
    if (live === undefined || !storages) {
      // One storage for all versions: there is nothing of an earlier one to go back to.
      await em.execute(`delete from ${table} where projection = ? and version <> ?`, [name, versionKey], 'run');
      await putVersion(store, em, { projection: name, version: versionKey, state: 'live' });
      await setLive(store, em, name, versionKey);
    } else if (!known.some(({ version, state }) => state === 'building' && version === versionKey)) {
      await putVersion(store, em, { projection: name, version: versionKey, state: 'building' });
    }
  });
}
