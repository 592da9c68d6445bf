/** Lets work run side by side, or alone: what is alone waits for what is under way, and what comes meanwhile waits for it. */
export class Solitude {
  readonly #underWay = new Set<Promise<unknown>>();
  /** The last of those that are alone, or will be; it never fails. */
  #alone: Promise<void> | undefined;

  async beside<T>(work: () => Promise<T>): Promise<T> {
    while (this.#alone) await this.#alone;
    const running = work();
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  async alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#alone;
    const running = (async () => {
      await before;
      await Promise.allSettled(this.#underWay);
      return work();
    })();
    const ended: Promise<void> = running.then(
      () => undefined,
      () => undefined,
    );
    this.#alone = ended;
    try {
      return await running;
    } finally {
      if (this.#alone === ended) this.#alone = undefined;
    }
  }
}
