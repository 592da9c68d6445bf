import { setTimeout as sleep } from 'node:timers/promises';
import type { ScanEntry } from '@loomgraph/stores/vectors';
import type { Projection } from '@loomgraph/sync';

const EVERY_MS = 250;
const PAGE = 500;

/** Watches targets from outside: no document may ever show an older state after a newer one. */
export class RegressionWatch {
  readonly #projections: readonly Projection[];
  readonly #last = new Map<string, ScanEntry>();
  readonly violations: string[] = [];
  looks = 0;
  /** Why a target could not be looked at the last time it could not. */
  lastError: unknown;

  constructor(projections: readonly Projection[]) {
    this.#projections = projections;
  }

  /** Looks until it is told to stop; a target that is away is looked at again later. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const projection of this.#projections) {
        try {
          await this.#look(projection);
        } catch (error) {
          this.lastError = error; // it is away, as the drill wants it
        }
      }
      await sleep(EVERY_MS);
    }
  }

  async #look(projection: Projection): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const page = await projection.definition.target.scan({ limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const entry of page) this.#compare(projection.name, entry);
      this.looks += page.length;
      if (page.length < PAGE) return;
      after = page.at(-1)?.id;
    }
  }

  #compare(projection: string, entry: ScanEntry): void {
    const key = `${projection}/${entry.id}`;
    const before = this.#last.get(key);
    const older = before && (entry.revision < before.revision || (entry.revision === before.revision && entry.fence < before.fence));
    if (older) {
      this.violations.push(
        `${key} went from revision ${before.revision} (fence ${before.fence}) back to ${entry.revision} (fence ${entry.fence})`,
      );
    }
    this.#last.set(key, entry);
  }
}
