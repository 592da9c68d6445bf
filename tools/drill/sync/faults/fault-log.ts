/** What was done to the system under test, by kind: `kill project.applied`, `hold NEO4J_URL`. */
export class FaultLog {
  readonly #counts = new Map<string, number>();

  add(kind: string, count = 1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Most frequent first. */
  get entries(): readonly (readonly [kind: string, count: number])[] {
    return [...this.#counts].toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b));
  }

  /** What befell a place: a step of the engine, or a store. */
  hits(place: string): number {
    return [...this.#counts].filter(([kind]) => kind.endsWith(` ${place}`)).reduce((sum, [, count]) => sum + count, 0);
  }

  /** Sums over the first word of each kind. */
  get byAction(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const [kind, count] of this.#counts) {
      const action = kind.split(' ', 1)[0] ?? kind;
      sums[action] = (sums[action] ?? 0) + count;
    }
    return sums;
  }
}
