import type { Clock } from '@loomgraph/core';
import { silentLogger, type Logger } from '@loomgraph/telemetry';
import type { PolicyChange, PolicySource } from './policy-source.js';

export interface PolicyFeedOptions {
  readonly source: Pick<PolicySource, 'version' | 'changesSince'>;
  /** Called in order, before the version counts as seen; a rejection is tried again with the next look. */
  readonly apply: (changes: readonly PolicyChange[] | 'all') => Promise<void>;
  readonly pollMs: number;
  readonly clock: Clock;
  readonly logger?: Logger;
}

/**
 * Follows the version of the policy: by looking every `pollMs`, which is the floor, and at once when told to look. What changed is applied
 * before the look ends. A source that fails is asked again with the next look; `confirmedAt` says since when nothing newer is known.
 */
export class PolicyFeed {
  readonly #options: PolicyFeedOptions;
  readonly #logger: Logger;
  #version: number | undefined;
  #confirmedAt = -Infinity;
  #looking: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isFailing = false;
  #closed = false;

  constructor(options: PolicyFeedOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
  }

  /** When the last successful look began, ms since the epoch: everything that was committed before is applied. */
  get confirmedAt(): number {
    return this.#confirmedAt;
  }

  get version(): number | undefined {
    return this.#version;
  }

  /** Looks for the first time and then goes on by itself. @throws StoreError when the first look fails; it goes on all the same */
  async start(): Promise<void> {
    this.#schedule();
    await this.look();
  }

  /**
   * Resolves once everything is applied that was committed before the call. Calls during a look share the one after it.
   * @throws StoreError
   */
  look(): Promise<void> {
    if (!this.#looking) {
      this.#looking = this.#look().finally(() => (this.#looking = undefined));
      return this.#looking;
    }
    const current = this.#looking;
    return (this.#next ??= current
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.look();
      }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking?.catch(() => undefined);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      void this.look()
        .catch(() => undefined)
        .then(() => this.#schedule());
    }, this.#options.pollMs);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { source, apply, clock } = this.#options;
    const startedAt = clock.now().getTime();
    try {
      const version = await source.version();
      if (version !== this.#version) {
        // A version that fell back is another database: nothing of what is known holds.
        const isNext = this.#version !== undefined && version > this.#version;
        await apply(isNext ? await source.changesSince(this.#version ?? 0) : 'all');
        this.#version = version;
      }
      this.#confirmedAt = startedAt;
      if (this.#isFailing) this.#logger.info('The policy data can be read again.', { version });
      this.#isFailing = false;
    } catch (error) {
      // Said once: a look follows a look.
      if (!this.#isFailing) this.#logger.warn('The policy data cannot be read.', { error });
      this.#isFailing = true;
      throw error;
    }
  }
}
