import type { Step } from '../faults/steps.ts';

/** When a worker kills itself: the first time it comes to the step after so many requests, so that users get on meanwhile. */
export interface KillAt {
  readonly step: Step;
  readonly afterRequests: number;
}

/** What the drill tells a worker, as JSON in its first argument. */
export interface WorkerConfig {
  /** URLs by environment variable; none: the embedded stores in `dataDir`. */
  readonly stores: Readonly<Record<string, string>>;
  readonly dataDir: string;
  readonly killAt?: KillAt;
}

/** Lines a worker writes to stdout, each a JSON object. */
export type WorkerLine =
  | { readonly kind: 'ready'; readonly url: string }
  /** Written before the worker kills itself. */
  | { readonly kind: 'kill'; readonly step: Step }
  /** A suggestion got its outcome, and that was committed. */
  | { readonly kind: 'answered'; readonly suggestionId: string }
  /** What the subgraph logs as an error: none of what the drill does may cause one. */
  | { readonly kind: 'error'; readonly what: string };

/** One request to a worker: `POST /graphql` as JSON. */
export interface WorkerRequest {
  /** What the user does, for the names of steps. */
  readonly activity: string;
  readonly userId: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** `POST /erase`: what the accounts subgraph says once a user is gone. */
export interface WorkerErasure {
  readonly eventId: string;
  readonly userId: string;
  readonly erasedAt: string;
}
