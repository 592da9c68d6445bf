import { mergeSyncAnswers, mergeSyncTokens, type OnSyncTimeout, type SyncAnswer, type SyncRequest } from '@loomgraph/core';
import type { SubgraphSync } from '@loomgraph/subgraph-kit';

/** What one operation asks of every subgraph about reading its caller's own writes, and what they say. */
export class SyncExchange implements SubgraphSync {
  readonly token: string | undefined;
  readonly onTimeout: OnSyncTimeout | undefined;
  readonly #deadline: number | undefined;
  #answer: SyncAnswer | undefined;

  constructor(asked: SyncRequest | undefined) {
    this.token = asked?.token;
    this.onTimeout = asked?.onTimeout;
    this.#deadline = asked && performance.now() + asked.waitMs;
  }

  /** What is left of the operation's time to wait: its steps wait one after the other. */
  get waitMs(): number | undefined {
    return this.#deadline === undefined ? undefined : Math.max(0, this.#deadline - performance.now());
  }

  /** Its token stands for what the caller's did, too: who always sends the last one has waited for all. */
  get answer(): SyncAnswer | undefined {
    const answer = this.#answer;
    if (answer?.token === undefined || this.token === undefined) return answer;
    return { ...answer, token: mergeSyncTokens(this.token, answer.token) };
  }

  report(answer: SyncAnswer): void {
    this.#answer = mergeSyncAnswers(this.#answer, answer);
  }
}
