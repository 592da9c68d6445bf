import type { StoresEnv } from '../../../tools/harness/store-env.ts';

/** What each process of the bench needs to reach the same data. */
export interface BenchSettings {
  readonly stores: StoresEnv;
  readonly namespace: string;
}

export type TargetName = 'vectors' | 'graph' | 'cache' | 'table';

/** Of the lexical embedder, which runs in the process: what is measured is the engine and the store, not a model. */
export const DIMENSIONS = 256;
