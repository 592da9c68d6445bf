import { crc32 } from 'node:zlib';
import { LoomError } from '@loomgraph/core';

/**
 * Keys of one topic. The hash tag puts them on one slot of a cluster: a topic lives on one node, topics spread. (Topics that need more
 * than one node belong on Kafka.)
 *
 *     <prefix>{<topic>}:meta                 number of partitions
 *     <prefix>{<topic>}:<n>                  stream of partition n
 *     <prefix>{<topic>}:members:<group>      members of a group, scored by when they count as gone
 *     <prefix>{<topic>}:lease:<group>:<n>    the member that reads partition n
 *     <prefix>{<topic>}:lost                 per group, messages that were given up before it had them
 */
export class TopicKeys {
  readonly meta: string;
  readonly lost: string;
  readonly #root: string;

  constructor(prefix: string, topic: string) {
    if (/[{}]/.test(prefix)) throw new LoomError('CONFIG_INVALID', 'The prefix of Redis keys may not hold braces: they decide the slot.');
    this.#root = `${prefix}{${topic}}:`;
    this.meta = `${this.#root}meta`;
    this.lost = `${this.#root}lost`;
  }

  stream(partition: number): string {
    return `${this.#root}${partition}`;
  }

  streams(partitions: number): string[] {
    return Array.from({ length: partitions }, (_, partition) => this.stream(partition));
  }

  /** KEYS of the lease scripts. */
  leases(group: string, partitions: number): string[] {
    return [
      `${this.#root}members:${group}`,
      ...Array.from({ length: partitions }, (_, partition) => `${this.#root}lease:${group}:${partition}`),
    ];
  }
}

/** The partition that messages of a key go to. */
export function partitionOf(key: string, partitions: number): number {
  return crc32(key) % partitions;
}
