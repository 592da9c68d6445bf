import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger } from '@loomgraph/telemetry';
import type { BreakerStatus } from './breaker.js';
import { counterOf, type Claimable } from './claim.js';
import { errorCode, errorMessage } from './settle.js';
import { writeOne } from './statement.js';

/**
 * Why a projection's batches fail, in its row, for whoever has the database: written when a batch fails, which backs off, and cleared by the first
 * that does not. What an earlier process left is cleared too.
 */
export class FailureRecord {
  readonly #store: RelationalStore;
  readonly #name: string;
  readonly #logger: Logger;
  #written = true;

  constructor(store: RelationalStore, work: Claimable, logger: Logger) {
    this.#store = store;
    this.#name = counterOf(work);
    this.#logger = logger;
  }

  async set({ state, since, nextTryAt, error }: BreakerStatus): Promise<void> {
    this.#written = true;
    await this.#write(`failing_since = coalesce(failing_since, ?), last_error = ?, breaker = ?, next_try_at = ? where name = ?`, [
      since ?? Date.now(),
      `${errorCode(error)}: ${errorMessage(error)}`,
      state,
      nextTryAt ?? null,
      this.#name,
    ]);
  }

  async clear(): Promise<void> {
    if (!this.#written) return;
    this.#written = false;
    await this.#write(
      `failing_since = null, last_error = null, breaker = null, next_try_at = null where name = ? and failing_since is not null`,
      [this.#name],
    );
  }

  async #write(rest: string, parameters: readonly unknown[]): Promise<void> {
    try {
      await writeOne(this.#store, `update ${this.#store.table('projection')} set ${rest}`, parameters);
    } catch (error) {
      // The record itself may be what is away; metrics and log have it then.
      this.#logger.warn('The state of a projection could not be written.', { projection: this.#name, error });
    }
  }
}
