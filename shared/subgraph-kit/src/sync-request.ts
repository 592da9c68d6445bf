import {
  DEFAULT_SYNC_WAIT_MS,
  encodeSyncToken,
  LoomError,
  type StaleRead,
  type SyncAnswer,
  type SyncPosition,
  type SyncRequest,
} from '@loomgraph/core';

/** What a request says and hears about reading its own writes. */
export interface SubgraphSync extends Partial<SyncRequest> {
  /** Told of each write and each stale read, before the field that caused it is answered. */
  report(answer: SyncAnswer): void;
}

/** Names of projections by subgraph. Resolvers share one object per kind of read: what was waited for once is not again. */
export type ProjectionNames = Readonly<Record<string, readonly string[]>>;

/** Whoever knows how far projections are; answers what had not caught up in time. */
export interface SyncWaiter {
  waitFor(token: string, projections: ProjectionNames, options: { readonly timeoutMs: number }): Promise<StaleRead | undefined>;
}

/** One request's side of it, in its context. */
export interface RequestSync {
  /**
   * To be awaited, where it is not undefined, before a projected store is read: what the request's token stands for is then in it, or the answer
   * says that it is stale. Undefined at once without a token.
   * @throws LoomError SYNC_STALE where the request would rather fail
   */
  caughtUp(projections: ProjectionNames): Promise<void> | undefined;
  /** Something was committed for this request. */
  wrote(position: SyncPosition): void;
}

/** @param subgraph whose writes `wrote` tells of */
export function createRequestSync(
  subgraph: string,
  sync: SubgraphSync | undefined,
  waiter: SyncWaiter | undefined,
): RequestSync | undefined {
  if (!sync) return undefined;
  const waits = new Map<ProjectionNames, Promise<void>>();
  let deadline: number | undefined;

  const wait = async (token: string, projections: ProjectionNames): Promise<void> => {
    deadline ??= performance.now() + (sync.waitMs ?? DEFAULT_SYNC_WAIT_MS);
    const stale = waiter
      ? await waiter.waitFor(token, projections, { timeoutMs: Math.max(0, deadline - performance.now()) })
      : unknown(projections);
    if (!stale) return;
    if (sync.onTimeout === 'FAIL') throw new LoomError('SYNC_STALE', sentences[stale.reason], { details: { ...stale } });
    sync.report({ stale: true, ...stale });
  };

  return {
    caughtUp(projections) {
      const { token } = sync;
      if (token === undefined) return undefined;
      let waiting = waits.get(projections);
      if (!waiting) waits.set(projections, (waiting = wait(token, projections)));
      return waiting;
    },
    wrote: (position) => sync.report({ token: encodeSyncToken(new Map([[subgraph, position]])) }),
  };
}

const sentences: Readonly<Record<StaleRead['reason'], string>> = {
  timeout: 'What this field reads had not caught up with the sync token in time.',
  'dead-letter': 'A change that the sync token stands for could not be applied to what this field reads, and waits for an operator.',
  unknown: 'Whether what this field reads has caught up with the sync token cannot be told now.',
};

function unknown(projections: ProjectionNames): StaleRead {
  return {
    reason: 'unknown',
    projections: Object.entries(projections).flatMap(([subgraph, names]) => names.map((name) => `${subgraph}/${name}`)),
  };
}
