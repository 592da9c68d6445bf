import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '@loomgraph/core';

const ATTEMPTS = 4;
const PAUSE_MS = 20;

/**
 * Runs a transaction again when the store chose it as the victim of a deadlock. Writers lock nodes in key order, so this is left to
 * nodes whose order alone changes, which are locked as they are found. Nothing else is retried: that is the caller's decision.
 * @throws StoreError `conflict` when it still is the victim the fourth time.
 */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (!(error instanceof StoreError) || error.kind !== 'conflict' || attempt === ATTEMPTS) throw error;
      await sleep(randomInt(PAUSE_MS * attempt) + 1);
    }
  }
}
