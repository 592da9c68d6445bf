import type { RelationalStore } from '@loomgraph/stores/relational';
import { liveVersion } from './live-version.js';

const FOLLOW_MS = 1_000;

/** Answers which version of a projection serves reads; undefined before its first start. */
export type FollowLive = () => Promise<string | undefined>;

/**
 * A second behind at most: asked for with every read, looked up once a second. A swap in another process needs no message, since the storage of the
 * version before stays for a while. Where the registry is away, what was known last is the answer.
 */
export function followLive(store: RelationalStore, projection: string, now: () => number = () => performance.now()): FollowLive {
  let known: { readonly version: string | undefined; readonly at: number } | undefined;
  let asking: Promise<string | undefined> | undefined;
  const ask = async (): Promise<string | undefined> => {
    try {
      known = { version: await liveVersion(store, projection), at: now() };
    } catch (error) {
      if (!known) throw error;
      known = { ...known, at: now() };
    } finally {
      asking = undefined;
    }
    return known.version;
  };
  return async () => {
    if (known && now() - known.at < FOLLOW_MS) return known.version;
    return (asking ??= ask());
  };
}
