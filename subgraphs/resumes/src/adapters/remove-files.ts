import type { Objects } from '@loomgraph/stores/objects';
import type { TaskHandler } from '@loomgraph/sync';
import type { Removal } from '../store/removals.js';

const PAGE = 500;

/** Deletes what a committed transaction left behind in the object store; deleting twice is no error. */
export function removeFiles(objects: () => Promise<Objects>): TaskHandler {
  return {
    // Files of somebody who is gone are never given up: whatever fails is tried until it works.
    maxAttempts: Infinity,
    async run({ payload }, { signal }) {
      const store = await objects();
      const where = payload as Removal['where']; // as `enqueueRemoval` wrote it
      if ('key' in where) return store.delete(where.key);
      for (;;) {
        const page = await store.list(where.prefix, { limit: PAGE });
        for (const { key } of page) await store.delete(key);
        if (page.length < PAGE) return;
        signal.throwIfAborted();
      }
    },
  };
}
