import type { CompositionProblem } from './problem.js';
import type { RemoteState } from './remote-schemas.js';
import type { SubgraphSource } from './subgraph-source.js';

/** What serves now: one supergraph, and the subgraphs it was composed from. */
export interface SupergraphVersion {
  readonly supergraphSdl: string;
  readonly sources: ReadonlyMap<string, SubgraphSource>;
}

export type RefreshOutcome =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'updated' }
  | { readonly kind: 'failed'; readonly problems: readonly CompositionProblem[] };

export interface SupergraphStatus {
  /** `stale`: the newest SDL cannot be served and the last good supergraph keeps serving. */
  readonly state: 'current' | 'stale';
  readonly problems: readonly CompositionProblem[];
  readonly composedAt: Date;
  readonly remotes: ReadonlyMap<string, RemoteState>;
}

/** Takes up a version; throws or rejects when it cannot, and then the earlier one must still be serving. */
export type SupergraphListener = (version: SupergraphVersion) => void | Promise<void>;

/**
 * The supergraph of this process, kept up to date, wherever it comes from.
 *
 * 1. There is always a version that composed; a failed composition changes nothing that serves.
 * 2. A replaced source takes part in every later composition, so two changes that only fit together may arrive one by one.
 * 3. Refreshes and replacements run one after another, each until every listener has taken up the version or one has refused it.
 * 4. What does not answer, a remote subgraph or the place of the supergraph, keeps the SDL it had.
 * 5. The same failure is composed, counted and logged once.
 * 6. A version is taken up by all listeners or by none: after a refusal, those that had taken it up are given the earlier one again.
 * 7. `current` answers the earlier version until every listener has taken up the new one.
 */
export interface LiveSupergraph extends AsyncDisposable {
  current(): SupergraphVersion;
  status(): SupergraphStatus;
  /** Called with every later version, one at a time; answers the function that ends it. */
  subscribe(listener: SupergraphListener): () => void;
  /**
   * Replaces the source of the same name, or adds one. For a supergraph that was composed elsewhere only where a subgraph runs is replaced;
   * one that is not part of it is a failure. @throws SubgraphUnavailableError for a remote one that gives no SDL
   */
  replace(source: SubgraphSource): Promise<RefreshOutcome>;
  /** Reads everything remote now, as the timer does. */
  refresh(): Promise<RefreshOutcome>;
  /** Ends polling, and waits for a version that is being taken up; a reading under way is left to the HTTP client that is closed next. */
  close(): Promise<void>;
}
