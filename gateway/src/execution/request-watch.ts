import type { FetchNode } from '../planning/plan.js';
import type { AnswerReport, Caller } from './engine.js';
import type { SubgraphAnswer } from './subgraph-answer.js';

/** What a request goes through, in this order. `parse` is validation and the normal form, too; `plan` is compiling the plan, too. */
export type Stage = 'parse' | 'plan' | 'execute' | 'write';

export interface StartedFetch {
  /** Of the plan; each runs at most once in a request. */
  readonly node: FetchNode;
  readonly caller: Caller;
  /** How many representations are sent; undefined for root fetches. */
  readonly representations: number | undefined;
}

export interface FetchWatch {
  /** Who the subgraph is told asks: the caller, in the trace of this fetch. */
  readonly caller: Caller;
  end(answer: SubgraphAnswer): void;
}

export interface WatchedOperation {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly name: string | undefined;
}

/**
 * Takes note of how one request goes: for its trace, and for `explain`. Requests that nobody watches have none, and pay one comparison
 * where it would be called. Throws nothing.
 */
export interface RequestWatch {
  /** Called once the operation is known to be valid. */
  found(operation: WatchedOperation, cache: 'hit' | 'miss'): void;
  /** A stage begins; the function answered ends it. One that fails is not ended. */
  begin(stage: Stage): () => void;
  /** A fetch is about to be sent. */
  fetch(started: StartedFetch): FetchWatch;
}

/** Both see everything; the subgraph is told what the second one says, which is told what the first one says. */
export function watchBoth(first: RequestWatch, second: RequestWatch): RequestWatch {
  return {
    found(operation, cache) {
      first.found(operation, cache);
      second.found(operation, cache);
    },
    begin(stage) {
      const ends = [first.begin(stage), second.begin(stage)];
      return () => ends.forEach((end) => end());
    },
    fetch(started) {
      const outer = first.fetch(started);
      const inner = second.fetch({ ...started, caller: outer.caller });
      return {
        caller: inner.caller,
        end(answer) {
          inner.end(answer);
          outer.end(answer);
        },
      };
    },
  };
}

/** The trace of one request. */
export interface RequestTrace {
  /** Undefined where the trace is not recorded. */
  readonly watch: RequestWatch | undefined;
  /** Who asks, as subgraphs are told where no fetch is watched. */
  readonly caller: Caller;
  end(report: AnswerReport): void;
}

export type TraceRequest = (caller: Caller) => RequestTrace;
