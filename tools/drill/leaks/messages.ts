import type { Sample } from './sample.ts';

/** Something the worker does wrong on purpose, to show that the gate sees it. */
export type PlantedLeak = 'none' | 'requests' | 'processes';

/** How the worker is started; its one argument, as JSON. */
export interface WorkerSettings {
  /** Of the subgraph that runs elsewhere. */
  readonly weatherUrl: string;
  readonly operationCacheBytes: number;
  readonly plantedLeak: PlantedLeak;
}

export type ToWorker =
  | { readonly kind: 'sample' }
  /** `local`: another version of a subgraph in the process; `remote`: the other subgraph's schema is read again. */
  | { readonly kind: 'reload'; readonly what: 'local' | 'remote'; readonly version: number };

export type FromWorker =
  | { readonly kind: 'ready'; readonly url: string; readonly pid: number }
  | { readonly kind: 'sampled'; readonly sample: Sample; readonly operationCacheBytes: number }
  | { readonly kind: 'reloaded'; readonly outcome: string }
  | { readonly kind: 'failed'; readonly message: string };
