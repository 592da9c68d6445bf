import { LRUCache } from 'lru-cache';
import type { SentFetches } from './replay.js';
import type { Execution } from './execution.js';

/** What an execution fetched, and what came of it: what would come of the same answers again. */
export interface Recording {
  readonly fetches: SentFetches;
  readonly execution: Execution;
}

/** What is kept to be replayed, bounded by memory; what is asked once only is not kept. */
export interface Recordings {
  /** A recording to replay, or whether to record. */
  find(key: string): Recording | 'record' | undefined;
  keep(key: string, recording: Recording): void;
  forget(key: string): void;
}

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_RECORDING_BYTES = 2 * 1024 * 1024;
const REMEMBERED_KEYS = 2_000;
/** What has longer variables is not kept: keys hold them, and whoever sends others each time would fill the memory. */
const MAX_KEY_CHARACTERS = 4_096;

export function createRecordings(): Recordings {
  const seen = new LRUCache<string, true>({ max: REMEMBERED_KEYS });
  const kept = new LRUCache<string, Recording>({ maxSize: MAX_BYTES, maxEntrySize: MAX_RECORDING_BYTES, sizeCalculation: sizeOf });
  return {
    find(key) {
      if (key.length > MAX_KEY_CHARACTERS) return undefined;
      const recording = kept.get(key);
      if (recording !== undefined) return recording;
      if (seen.has(key)) return 'record';
      seen.set(key, true);
      return undefined;
    },
    keep: (key, recording) => void kept.set(key, recording),
    forget(key) {
      kept.delete(key);
      seen.delete(key);
    },
  };
}

/** The answer counts twice: as text, and as bytes once somebody shares it. */
function sizeOf({ fetches, execution }: Recording): number {
  let bytes = 2 * execution.answer.data.length + 1;
  for (const { body, variables } of fetches.values()) bytes += body.length + variables.length;
  return bytes;
}
