import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../harness/random.ts';
import type { OpenRecord } from './open-record.ts';

const OPEN_MS = { from: 60, to: 600 };

/** Transactions that commit after younger ones: their outbox ids are smaller than ids that were there long before. */
export async function runLateCommits(options: {
  record: OpenRecord;
  random: Random;
  signal: AbortSignal;
  onWritten: () => void;
}): Promise<void> {
  const { record, random, signal, onWritten } = options;
  while (!signal.aborted) {
    try {
      const ids = await record.ids();
      if (ids.length > 0) {
        const content = `late ${random.integer(1, 1e9)} resume engineer`;
        await record.changeSlowly(random.pick(ids), content, () => sleep(random.integer(OPEN_MS.from, OPEN_MS.to)));
        onWritten();
      }
      await sleep(20);
    } catch {
      await sleep(300);
    }
  }
}
