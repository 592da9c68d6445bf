/** A build that lacks one of the engine's safeguards: the drill must find it out. */
export type Broken = 'fencing' | 'lease' | 'checkpoint';

/** What the drill's main process tells a worker, as JSON in its first argument. */
export interface WorkerConfig {
  readonly stores: Readonly<Record<string, string>>;
  readonly dataDir: string;
  readonly namespace?: string;
  readonly seed: string;
  /** Faults at the engine's points, a moody embedder, an unreliable bus and a clock that jumps; else it works as it should. */
  readonly chaos: boolean;
  /** Steps that nothing has befallen in this run. */
  readonly neverHit: readonly string[];
  /** Poisonous texts are refused. */
  readonly poison: boolean;
  /** Where the record is embedded, whoever relays must also write. */
  readonly write: boolean;
  readonly broken?: Broken;
}

/** Lines a worker writes to stdout, each a JSON object. */
export type WorkerLine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fault'; readonly fault: string }
  | { readonly kind: 'violation'; readonly what: string }
  /** What the auditor of the worker found. */
  | { readonly kind: 'drift'; readonly what: string }
  | { readonly kind: 'written'; readonly records: number };

/** Exit code of a worker that a store kept from starting. */
export const COULD_NOT_START = 75;
