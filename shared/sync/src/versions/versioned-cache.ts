import type { RelationalStore } from '@loomgraph/stores/relational';
import { cacheTarget, type CacheTargetOptions } from '../projection/targets/cache.js';
import type { VersionedTargets } from './define-versioned.js';
import { followLive } from './follow-live.js';
import { readVersions } from './registry.js';

export interface VersionedCacheOptions extends Omit<CacheTargetOptions, 'prefix'> {
  readonly store: RelationalStore;
  /** Name and version as in the projection's definition; each version's keys begin with `${prefix}${version}:`. */
  readonly projection: string;
  readonly version: number;
  readonly prefix: string;
}

export interface VersionedCache<Content> extends VersionedTargets<Content> {
  /** Of this process's version. */
  readonly prefix: string;
  readonly versionKey: string;
  /**
   * Whether entries under `prefix` are kept up to date: not where a newer version has taken over, whose entries this code cannot read. Records are
   * then read from where they come from. True while this version is still built: what is there is current, what is not is read and put there.
   */
  isKept(): Promise<boolean>;
}

/**
 * Entries of each version under keys of its own. Only a process of that version reads them, so a swap changes no reader; what it does is to stop the
 * delivery to the version before, whose entries then expire.
 */
export function versionedCache<Content>(options: VersionedCacheOptions): VersionedCache<Content> {
  const { store, projection, version } = options;
  const prefix = `${options.prefix}${version}:`;
  const target = cacheTarget<Content>({ ...options, prefix });
  const versionKey = `${version}:${target.identity}`;
  const follow = followLive(store, projection);
  return {
    prefix,
    versionKey,
    targets: [target],
    async isKept() {
      // Nobody else has the database open, so nobody else can have taken over.
      if (store.exclusive) return true;
      const live = await follow();
      if (live === undefined || live === versionKey) return true;
      return (await readVersions(store, projection)).some((row) => row.version === versionKey && row.state === 'building');
    },
    drop: () => Promise.resolve(),
  };
}
