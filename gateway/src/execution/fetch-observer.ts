/** How one fetch of a run went, for `explain` and traces. */
export interface ObservedFetch {
  /** Number of the fetch in its plan. */
  readonly fetch: number;
  readonly subgraph: string;
  readonly startedAt: number;
  readonly durationMs: number;
  /** How many representations were sent; undefined for root fetches. */
  readonly representations: number | undefined;
  readonly failed: boolean;
  readonly errors: number;
}

export type FetchObserver = (fetch: ObservedFetch) => void;
