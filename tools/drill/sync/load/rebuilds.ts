import { setTimeout as sleep } from 'node:timers/promises';
import { jobs } from '@loomgraph/sync';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { openJobs } from '../settle.ts';

const EVERY_MS = 12_000;
const PROJECTIONS = ['template-vectors', 'template-graph', 'template-cache'] as const;

/**
 * Has one projection after the other written anew while its records are written to: repairs and writers race. One at a time: under faults a rebuild may
 * take minutes, and what had queued up would be owed when the faults are over.
 */
export async function runRebuilds(options: {
  record: RelationalStore;
  signal: AbortSignal;
  report: (fault: string) => void;
}): Promise<void> {
  const { record, signal, report } = options;
  for (let round = 0; !signal.aborted; round++) {
    const projection = PROJECTIONS[round % PROJECTIONS.length] as string; // in range
    try {
      if ((await openJobs(record)) === 0) {
        await jobs(record).create({ kind: 'rebuild', projection, requestedBy: 'drill' });
        report('rebuild job');
      }
    } catch {
      // The record is away, as the drill wants it.
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
