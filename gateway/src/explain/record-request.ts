import type { FetchNode } from '../planning/plan.js';
import type { RequestWatch, Stage } from '../execution/request-watch.js';
import type { SubgraphAnswer } from '../execution/subgraph-answer.js';

/** How one fetch went. Times in milliseconds, from the beginning of the request. */
export interface FetchRecord {
  readonly startMs: number;
  readonly durationMs: number;
  /** How many entities were asked about; not of root fetches. */
  readonly representations?: number;
  readonly errors: number;
  /** Code of the error, where there was no usable answer. */
  readonly failed?: string;
  /** Of the HTTP answer; not of subgraphs in this process. */
  readonly status?: number;
  readonly bytes?: number;
}

/** What `explain` keeps of a request while it runs. */
export interface RequestRecord extends RequestWatch {
  readonly cache: 'hit' | 'miss' | undefined;
  /** Duration of each stage that the request went through, in milliseconds. */
  readonly stages: Readonly<Partial<Record<Stage, number>>>;
  readonly fetches: ReadonlyMap<FetchNode, FetchRecord>;
  /** Milliseconds since the request began. */
  elapsedMs(): number;
}

const DIGITS = 1_000;

export function recordRequest(now: () => number = () => performance.now()): RequestRecord {
  const startedAt = now();
  const elapsedMs = (): number => rounded(now() - startedAt);
  const stages: Partial<Record<Stage, number>> = {};
  const fetches = new Map<FetchNode, FetchRecord>();
  let found: 'hit' | 'miss' | undefined;
  return {
    get cache() {
      return found;
    },
    stages,
    fetches,
    elapsedMs,
    found(_operation, cache) {
      found = cache;
    },
    begin(stage) {
      const begunMs = elapsedMs();
      return () => {
        stages[stage] = rounded(elapsedMs() - begunMs);
      };
    },
    fetch({ node, caller, representations }) {
      const startMs = elapsedMs();
      return {
        caller,
        end(answer) {
          const asked = representations === undefined ? {} : { representations };
          fetches.set(node, { startMs, durationMs: rounded(elapsedMs() - startMs), ...asked, ...outcomeOf(answer) });
        },
      };
    },
  };
}

function outcomeOf(answer: SubgraphAnswer): Pick<FetchRecord, 'errors' | 'failed' | 'status' | 'bytes'> {
  const { status, bytes } = answer;
  return {
    errors: answer.kind === 'answered' ? (answer.errors?.length ?? 0) : 1,
    ...(answer.kind === 'failed' ? { failed: answer.error.code } : {}),
    ...(status === undefined ? {} : { status }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

function rounded(ms: number): number {
  return Math.round(ms * DIGITS) / DIGITS;
}
