import { crc32 } from 'node:zlib';
import { LoomError } from '@loomgraph/core';

/** Changing it makes a cluster's cache start empty: keys are then looked for elsewhere. */
const CLUSTER_BUCKETS = 64;

/**
 * Where things are in Redis. Keys are spread over buckets, each a hash tag and so one slot of a cluster: an entry, the tag sets and the
 * index that list it are then changed together by one script. A single server needs one bucket; a cluster has 64, which
 * is more than the nodes it spreads over and few enough to ask them all for a tag.
 *
 *     <prefix>{<bucket>}v:<key>    an entry                    <prefix>{<bucket>}t:<tag>    entries of a tag, scored by expiry
 *     <prefix>{<bucket>}i          fenced entries, by key      <prefix>{<bucket>}x          those that expire, by expiry
 *     <prefix>{<bucket>}l:<name>   a lock's holder             <prefix>{<bucket>}n:<name>   its last token
 */
export class RedisLayout {
  readonly buckets: readonly Bucket[];

  constructor(options: { prefix: string; isCluster: boolean }) {
    const { prefix, isCluster } = options;
    if (/[{}]/.test(prefix)) throw new LoomError('CONFIG_INVALID', 'The prefix of Redis keys may not hold braces: they decide the slot.');
    this.buckets = Array.from({ length: isCluster ? CLUSTER_BUCKETS : 1 }, (_, number) => {
      const root = `${prefix}{${number}}`;
      return { root, indexes: [`${root}i`, `${root}x`] };
    });
  }

  bucketOf(key: string): Bucket {
    // The modulus keeps the position inside the array.
    return this.buckets[crc32(key) % this.buckets.length] as Bucket;
  }

  /** Groups keys, keeping their order inside a bucket. */
  group(keys: readonly string[]): Map<Bucket, string[]> {
    const groups = new Map<Bucket, string[]>();
    for (const key of keys) {
      const bucket = this.bucketOf(key);
      const group = groups.get(bucket);
      if (group) group.push(key);
      else groups.set(bucket, [key]);
    }
    return groups;
  }
}

export interface Bucket {
  readonly root: string;
  /** The fenced index and its expiry index: KEYS of the scripts. */
  readonly indexes: readonly string[];
}
