import type { SyncPosition } from '@loomgraph/core';
import { AsyncLocalStorage } from 'node:async_hooks';

type OnWritten = (position: SyncPosition) => void;

/** Who wants to hear of commits: entered for mutations alone, so that nothing else carries it. */
const listening = new AsyncLocalStorage<OnWritten>();

/** Runs `work` and tells `onWritten` where each transaction stands that units of work commit in it, right after the commit. */
export function recordWrites<T>(onWritten: OnWritten, work: () => T): T {
  return listening.run(onWritten, work);
}

/** Tells whoever listens; nobody, outside of `recordWrites`. */
export function reportWritten(position: SyncPosition): void {
  listening.getStore()?.(position);
}
