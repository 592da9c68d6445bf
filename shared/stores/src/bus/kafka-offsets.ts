/**
 * Which messages of a partition this member took and which it handled. Kafka keeps one number per group and partition: everything below
 * is done. Messages of different keys finish in any order, so that number follows the oldest one that is not.
 */
export class PartitionOffsets {
  /** In the order they were taken, which is theirs. */
  readonly #open = new Set<bigint>();
  #next = -1n;
  #committed = -1n;

  /** Takes a message; false when it was taken before. */
  take(offset: bigint): boolean {
    if (offset < this.#next) return false;
    // What lies before the first message taken is committed: this is where the group stood.
    if (this.#next < 0n) this.#committed = offset;
    this.#next = offset + 1n;
    this.#open.add(offset);
    return true;
  }

  done(offset: bigint): void {
    this.#open.delete(offset);
  }

  /** The offset to commit, when it has moved since it was last committed. */
  get toCommit(): bigint | undefined {
    const [oldest = this.#next] = this.#open;
    return oldest > this.#committed ? oldest : undefined;
  }

  committed(offset: bigint): void {
    if (offset > this.#committed) this.#committed = offset;
  }
}
