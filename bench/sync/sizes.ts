export interface Size {
  /** Records that are changed while lag is measured, and for how long. */
  readonly lag: { readonly records: number; readonly seconds: number; readonly warmUpSeconds: number };
  /** Records that wait when a target's throughput is measured, and a peer's: an index costs more the more it holds. */
  readonly backlog: number;
  /** Writes of each kind, in turn. */
  readonly writes: number;
  readonly audited: number;
  /** Write-then-search pairs with the token, and as many without; a multiple of the clients. */
  readonly pairs: number;
}

export const FULL: Size = {
  lag: { records: 10_000, seconds: 30, warmUpSeconds: 5 },
  backlog: 10_000,
  writes: 4_000,
  audited: 1_000_000,
  pairs: 10_000,
};

export const SHORT: Size = {
  lag: { records: 1_000, seconds: 3, warmUpSeconds: 1 },
  backlog: 500,
  writes: 200,
  audited: 20_000,
  pairs: 96,
};
