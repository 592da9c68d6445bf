import { mergeSyncAnswers, readSyncExtension, type OnSyncTimeout, type SyncAnswer, type SyncRequest } from '@loomgraph/core';
import type { SubgraphSync } from '@loomgraph/subgraph-kit';
import type { CompiledOperation } from './compiled-operation.js';
import type { EngineRequest } from './engine.js';

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

  get answer(): SyncAnswer | undefined {
    return this.#answer;
  }

  report(answer: SyncAnswer): void {
    this.#answer = mergeSyncAnswers(this.#answer, answer);
  }
}

/**
 * The request with an exchange for its caller, where there may be something to say: a mutation answers a token, and who brings one is told
 * whether what was read is older. Every other query costs nothing.
 * @throws LoomError INVALID_SYNC_TOKEN, BAD_USER_INPUT
 */
export function withSyncExchange(request: EngineRequest, { kind }: Pick<CompiledOperation, 'kind'>): EngineRequest {
  const asked = readSyncExtension(request.extensions?.['sync']) ?? request.sync;
  if (asked === undefined && kind !== 'mutation') return request;
  return { ...request, caller: { ...request.caller, sync: new SyncExchange(asked) } };
}
