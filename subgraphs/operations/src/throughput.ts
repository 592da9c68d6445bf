interface Sample {
  readonly at: number;
  readonly applied: number;
}

const SHORTEST_MS = 1_000;

/** Turns counters that only rise into rates: from one look to the next, which is at least a second later. */
export class Throughput {
  readonly #samples = new Map<string, Sample>();
  readonly #rates = new Map<string, number>();

  /** @returns records per second; null until there are two looks to compare. */
  observe(key: string, applied: number, now = Date.now()): number | null {
    const before = this.#samples.get(key);
    if (!before) this.#samples.set(key, { at: now, applied });
    else if (now - before.at >= SHORTEST_MS) {
      this.#rates.set(key, Math.max(0, applied - before.applied) / ((now - before.at) / 1000));
      this.#samples.set(key, { at: now, applied });
    }
    return this.#rates.get(key) ?? null;
  }
}
